//! A program in Rust without std, which makes calls through the bindings that abigen writes.
#![no_std]
#![no_main]
#![deny(warnings)]

mod rt;

mod zircon {
    include!(env!("ZIRCON_RS"));
}

use zircon::*;

type Result<T> = core::result::Result<T, zx_status_t>;

const EXIT_OK: i32 = 42;

const ZX_INFO_HANDLE_BASIC: u32 = 2;
const ZX_OBJ_TYPE_CHANNEL: u32 = 4;
const ZX_OBJ_TYPE_EVENT: u32 = 5;
const ZX_CHANNEL_READABLE: zx_signals_t = 1 << 0;
const ZX_EVENT_SIGNALED: zx_signals_t = 1 << 3;

#[repr(C)]
#[derive(Default)]
struct HandleBasic {
    koid: u64,
    rights: u32,
    object_type: u32,
    related_koid: u64,
    reserved: u32,
    padding: u32,
}

/// A handle that is closed when nothing uses it any more.
struct Owned(zx_handle_t);

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = unsafe { zx_handle_close(self.0) };
    }
}

impl Owned {
    /// Give the handle away, to a call that takes it.
    fn release(self) -> zx_handle_t {
        let handle = self.0;

        core::mem::forget(self);
        handle
    }
}

fn event() -> Result<Owned> {
    let mut handle = zx_handle_t::INVALID;

    unsafe { zx_event_create(0, &mut handle) }.ok()?;
    Ok(Owned(handle))
}

fn channel() -> Result<(Owned, Owned)> {
    let (mut a, mut b) = (zx_handle_t::INVALID, zx_handle_t::INVALID);

    unsafe { zx_channel_create(0, &mut a, &mut b) }.ok()?;
    Ok((Owned(a), Owned(b)))
}

fn info(handle: zx_handle_t) -> Result<HandleBasic> {
    let mut info = HandleBasic::default();
    let buffer = &mut info as *mut HandleBasic;
    let (mut actual, mut avail) = (0, 0);

    unsafe {
        zx_object_get_info(
            handle,
            ZX_INFO_HANDLE_BASIC,
            buffer.cast(),
            core::mem::size_of::<HandleBasic>(),
            &mut actual,
            &mut avail,
        )
    }
    .ok()?;
    assert_eq!((actual, avail), (1, 1));
    Ok(info)
}

fn objects() -> Result<()> {
    let (a, b) = channel()?;
    let (of_a, of_b) = (info(a.0)?, info(b.0)?);

    assert!(a.0.is_valid() && b.0.is_valid() && a.0 != b.0);
    assert_eq!(of_a.object_type, ZX_OBJ_TYPE_CHANNEL);
    assert_eq!(
        (of_a.koid, of_a.related_koid),
        (of_b.related_koid, of_b.koid)
    );
    say!("the ends of the channel know each other");
    Ok(())
}

fn messages() -> Result<()> {
    const TEXT: &[u8] = b"a message with a handle";
    let (a, b) = channel()?;
    let sent = event()?;
    let koid = info(sent.0)?.koid;
    let handles = [sent.release()];
    let mut bytes = [0u8; 64];
    let mut received = [zx_handle_t::INVALID; 2];
    let (mut num_bytes, mut num_handles) = (0, 0);

    unsafe {
        zx_channel_write(
            a.0,
            0,
            TEXT.as_ptr().cast(),
            TEXT.len() as u32,
            handles.as_ptr(),
            1,
        )
    }
    .ok()?;
    unsafe {
        zx_channel_read(
            b.0,
            0,
            bytes.as_mut_ptr().cast(),
            received.as_mut_ptr(),
            bytes.len() as u32,
            received.len() as u32,
            &mut num_bytes,
            &mut num_handles,
        )
    }
    .ok()?;
    let received = received.map(Owned);

    assert_eq!(&bytes[..num_bytes as usize], TEXT);
    assert_eq!(num_handles, 1);
    assert!(!received[1].0.is_valid());
    let of_event = info(received[0].0)?;
    assert_eq!(
        (of_event.koid, of_event.object_type),
        (koid, ZX_OBJ_TYPE_EVENT)
    );
    say!(
        "received {:?} and an event",
        core::str::from_utf8(TEXT).unwrap()
    );
    Ok(())
}

fn clock() -> Result<()> {
    let (before, after) = unsafe { (zx_clock_get_monotonic(), zx_clock_get_monotonic()) };

    assert!(0 < before && before <= after);
    say!("up for {} s", before / 1_000_000_000);
    Ok(())
}

fn deadlines() -> Result<()> {
    let event = event()?;
    let deadline = unsafe { zx_deadline_after(2_000_000) };
    let mut observed = 0;
    let wait =
        |observed| unsafe { zx_object_wait_one(event.0, ZX_EVENT_SIGNALED, deadline, observed) };

    assert_eq!(wait(&mut observed), ZX_ERR_TIMED_OUT);
    assert_eq!(observed & ZX_EVENT_SIGNALED, 0);
    assert!(unsafe { zx_clock_get_monotonic() } >= deadline);
    unsafe { zx_object_signal(event.0, 0, ZX_EVENT_SIGNALED) }.ok()?;
    wait(&mut observed).ok()?;
    assert_ne!(observed & ZX_EVENT_SIGNALED, 0);
    say!("a deadline passed, a signal came");
    Ok(())
}

/// Structures that go in and out.
fn wait_many() -> Result<()> {
    let (a, b) = channel()?;
    let event = event()?;
    let mut items = [
        zx_wait_item_t {
            handle: b.0,
            waitfor: ZX_CHANNEL_READABLE,
            pending: 0,
        },
        zx_wait_item_t {
            handle: event.0,
            waitfor: ZX_EVENT_SIGNALED,
            pending: 0,
        },
    ];

    unsafe { zx_channel_write(a.0, 0, core::ptr::null(), 0, core::ptr::null(), 0) }.ok()?;
    unsafe { zx_object_wait_many(items.as_mut_ptr(), items.len(), i64::MAX) }.ok()?;
    assert_ne!(items[0].pending & ZX_CHANNEL_READABLE, 0);
    assert_eq!(items[1].pending & ZX_EVENT_SIGNALED, 0);
    say!("the first of two objects was ready");
    Ok(())
}

fn errors() -> Result<()> {
    let status = info(zx_handle_t::INVALID).err();

    assert_eq!(status, Some(ZX_ERR_BAD_HANDLE));
    say!(
        "no handle: {}, no status: {}",
        ZX_ERR_BAD_HANDLE,
        zx_status_t(-1000)
    );
    Ok(())
}

fn run() -> Result<()> {
    objects()?;
    messages()?;
    clock()?;
    deadlines()?;
    wait_many()?;
    errors()
}

#[no_mangle]
pub extern "C" fn main(_argc: i32, _argv: *const *const u8) -> i32 {
    match run() {
        Ok(()) => EXIT_OK,
        Err(status) => {
            say!("FAIL: {}", status);
            1
        }
    }
}
