// Runs on the host: how the types behave that are more than C has. Then it prints the layouts.
#![deny(warnings)]

mod zircon;

mod layouts;

use zircon::*;

fn handles() {
    assert!(!ZX_HANDLE_INVALID.is_valid());
    assert!(!zx_handle_t::default().is_valid());
    assert!(zx_handle_t(3).is_valid());
    assert_eq!(zx_handle_t::INVALID, ZX_HANDLE_INVALID);
}

fn statuses() {
    assert_eq!(ZX_OK.ok(), Ok(()));
    assert_eq!(ZX_ERR_TIMED_OUT.ok(), Err(ZX_ERR_TIMED_OUT));
    assert_eq!(zx_status_t(7).ok(), Err(zx_status_t(7)));
    assert_eq!(ZX_ERR_TIMED_OUT.name(), Some("ZX_ERR_TIMED_OUT"));
    assert_eq!(zx_status_t(-999).name(), None);
    assert_eq!(
        format!("{} {:?}", ZX_OK, ZX_ERR_PEER_CLOSED),
        "ZX_OK ZX_ERR_PEER_CLOSED"
    );
    assert_eq!(
        format!("{:>8}|{}", ZX_OK, zx_status_t(-999)),
        "   ZX_OK|status -999"
    );
    assert_eq!(zx_status_t::default(), ZX_OK);
}

fn main() {
    handles();
    statuses();
    layouts::print();
}
