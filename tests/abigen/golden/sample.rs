// Made by abigen from definitions of calls. Changes belong there.
//
// Names are those of C. A char is a u8, and a text that a call returns ends with a zero byte.

#[allow(unused_imports)]
pub use bindings::*;

#[allow(dead_code, non_camel_case_types, non_snake_case)]
mod bindings {
    use core::ffi::c_void;

    /// A handle of this process. Going out of scope does not close it.
    #[repr(transparent)]
    #[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
    pub struct zx_handle_t(pub u32);

    impl zx_handle_t {
        /// The value that no handle has.
        pub const INVALID: zx_handle_t = zx_handle_t(0);

        /// True for all values but `INVALID`, whether there is such a handle or not.
        pub const fn is_valid(self) -> bool {
            self.0 != 0
        }
    }

    pub const ZX_HANDLE_INVALID: zx_handle_t = zx_handle_t::INVALID;

    /// What a call says about its success. It is shown by the name of its constant.
    #[repr(transparent)]
    #[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
    pub struct zx_status_t(pub i32);

    pub const ZX_OK: zx_status_t = zx_status_t(0);
    pub const ZX_ERR_INTERNAL: zx_status_t = zx_status_t(-1);
    pub const ZX_ERR_NOT_SUPPORTED: zx_status_t = zx_status_t(-2);
    pub const ZX_ERR_NO_RESOURCES: zx_status_t = zx_status_t(-3);
    pub const ZX_ERR_NO_MEMORY: zx_status_t = zx_status_t(-4);
    pub const ZX_ERR_INTERNAL_INTR_RETRY: zx_status_t = zx_status_t(-6);
    pub const ZX_ERR_INVALID_ARGS: zx_status_t = zx_status_t(-10);
    pub const ZX_ERR_BAD_HANDLE: zx_status_t = zx_status_t(-11);
    pub const ZX_ERR_WRONG_TYPE: zx_status_t = zx_status_t(-12);
    pub const ZX_ERR_BAD_SYSCALL: zx_status_t = zx_status_t(-13);
    pub const ZX_ERR_OUT_OF_RANGE: zx_status_t = zx_status_t(-14);
    pub const ZX_ERR_BUFFER_TOO_SMALL: zx_status_t = zx_status_t(-15);
    pub const ZX_ERR_BAD_STATE: zx_status_t = zx_status_t(-20);
    pub const ZX_ERR_TIMED_OUT: zx_status_t = zx_status_t(-21);
    pub const ZX_ERR_SHOULD_WAIT: zx_status_t = zx_status_t(-22);
    pub const ZX_ERR_CANCELED: zx_status_t = zx_status_t(-23);
    pub const ZX_ERR_PEER_CLOSED: zx_status_t = zx_status_t(-24);
    pub const ZX_ERR_NOT_FOUND: zx_status_t = zx_status_t(-25);
    pub const ZX_ERR_ALREADY_EXISTS: zx_status_t = zx_status_t(-26);
    pub const ZX_ERR_ALREADY_BOUND: zx_status_t = zx_status_t(-27);
    pub const ZX_ERR_UNAVAILABLE: zx_status_t = zx_status_t(-28);
    pub const ZX_ERR_ACCESS_DENIED: zx_status_t = zx_status_t(-30);
    pub const ZX_ERR_IO: zx_status_t = zx_status_t(-40);
    pub const ZX_ERR_IO_REFUSED: zx_status_t = zx_status_t(-41);
    pub const ZX_ERR_IO_DATA_INTEGRITY: zx_status_t = zx_status_t(-42);
    pub const ZX_ERR_IO_DATA_LOSS: zx_status_t = zx_status_t(-43);
    pub const ZX_ERR_IO_NOT_PRESENT: zx_status_t = zx_status_t(-44);
    pub const ZX_ERR_IO_OVERRUN: zx_status_t = zx_status_t(-45);
    pub const ZX_ERR_IO_MISSED_DEADLINE: zx_status_t = zx_status_t(-46);
    pub const ZX_ERR_IO_INVALID: zx_status_t = zx_status_t(-47);
    pub const ZX_ERR_BAD_PATH: zx_status_t = zx_status_t(-50);
    pub const ZX_ERR_NOT_DIR: zx_status_t = zx_status_t(-51);
    pub const ZX_ERR_NOT_FILE: zx_status_t = zx_status_t(-52);
    pub const ZX_ERR_FILE_BIG: zx_status_t = zx_status_t(-53);
    pub const ZX_ERR_NO_SPACE: zx_status_t = zx_status_t(-54);
    pub const ZX_ERR_NOT_EMPTY: zx_status_t = zx_status_t(-55);
    pub const ZX_ERR_STOP: zx_status_t = zx_status_t(-60);
    pub const ZX_ERR_NEXT: zx_status_t = zx_status_t(-61);
    pub const ZX_ERR_ASYNC: zx_status_t = zx_status_t(-62);
    pub const ZX_ERR_PROTOCOL_NOT_SUPPORTED: zx_status_t = zx_status_t(-70);
    pub const ZX_ERR_ADDRESS_UNREACHABLE: zx_status_t = zx_status_t(-71);
    pub const ZX_ERR_ADDRESS_IN_USE: zx_status_t = zx_status_t(-72);
    pub const ZX_ERR_NOT_CONNECTED: zx_status_t = zx_status_t(-73);
    pub const ZX_ERR_CONNECTION_REFUSED: zx_status_t = zx_status_t(-74);
    pub const ZX_ERR_CONNECTION_RESET: zx_status_t = zx_status_t(-75);
    pub const ZX_ERR_CONNECTION_ABORTED: zx_status_t = zx_status_t(-76);
    pub const ZX_ERR_INTERNAL_INTR_KILLED: zx_status_t = zx_status_t(-502);

    impl zx_status_t {
        /// `Ok` for `ZX_OK`, and else the status as an error.
        pub const fn ok(self) -> Result<(), zx_status_t> {
            match self {
                ZX_OK => Ok(()),
                error => Err(error),
            }
        }

        /// The name of the constant with this value.
        pub const fn name(self) -> Option<&'static str> {
            match self {
                ZX_OK => Some("ZX_OK"),
                ZX_ERR_INTERNAL => Some("ZX_ERR_INTERNAL"),
                ZX_ERR_NOT_SUPPORTED => Some("ZX_ERR_NOT_SUPPORTED"),
                ZX_ERR_NO_RESOURCES => Some("ZX_ERR_NO_RESOURCES"),
                ZX_ERR_NO_MEMORY => Some("ZX_ERR_NO_MEMORY"),
                ZX_ERR_INTERNAL_INTR_RETRY => Some("ZX_ERR_INTERNAL_INTR_RETRY"),
                ZX_ERR_INVALID_ARGS => Some("ZX_ERR_INVALID_ARGS"),
                ZX_ERR_BAD_HANDLE => Some("ZX_ERR_BAD_HANDLE"),
                ZX_ERR_WRONG_TYPE => Some("ZX_ERR_WRONG_TYPE"),
                ZX_ERR_BAD_SYSCALL => Some("ZX_ERR_BAD_SYSCALL"),
                ZX_ERR_OUT_OF_RANGE => Some("ZX_ERR_OUT_OF_RANGE"),
                ZX_ERR_BUFFER_TOO_SMALL => Some("ZX_ERR_BUFFER_TOO_SMALL"),
                ZX_ERR_BAD_STATE => Some("ZX_ERR_BAD_STATE"),
                ZX_ERR_TIMED_OUT => Some("ZX_ERR_TIMED_OUT"),
                ZX_ERR_SHOULD_WAIT => Some("ZX_ERR_SHOULD_WAIT"),
                ZX_ERR_CANCELED => Some("ZX_ERR_CANCELED"),
                ZX_ERR_PEER_CLOSED => Some("ZX_ERR_PEER_CLOSED"),
                ZX_ERR_NOT_FOUND => Some("ZX_ERR_NOT_FOUND"),
                ZX_ERR_ALREADY_EXISTS => Some("ZX_ERR_ALREADY_EXISTS"),
                ZX_ERR_ALREADY_BOUND => Some("ZX_ERR_ALREADY_BOUND"),
                ZX_ERR_UNAVAILABLE => Some("ZX_ERR_UNAVAILABLE"),
                ZX_ERR_ACCESS_DENIED => Some("ZX_ERR_ACCESS_DENIED"),
                ZX_ERR_IO => Some("ZX_ERR_IO"),
                ZX_ERR_IO_REFUSED => Some("ZX_ERR_IO_REFUSED"),
                ZX_ERR_IO_DATA_INTEGRITY => Some("ZX_ERR_IO_DATA_INTEGRITY"),
                ZX_ERR_IO_DATA_LOSS => Some("ZX_ERR_IO_DATA_LOSS"),
                ZX_ERR_IO_NOT_PRESENT => Some("ZX_ERR_IO_NOT_PRESENT"),
                ZX_ERR_IO_OVERRUN => Some("ZX_ERR_IO_OVERRUN"),
                ZX_ERR_IO_MISSED_DEADLINE => Some("ZX_ERR_IO_MISSED_DEADLINE"),
                ZX_ERR_IO_INVALID => Some("ZX_ERR_IO_INVALID"),
                ZX_ERR_BAD_PATH => Some("ZX_ERR_BAD_PATH"),
                ZX_ERR_NOT_DIR => Some("ZX_ERR_NOT_DIR"),
                ZX_ERR_NOT_FILE => Some("ZX_ERR_NOT_FILE"),
                ZX_ERR_FILE_BIG => Some("ZX_ERR_FILE_BIG"),
                ZX_ERR_NO_SPACE => Some("ZX_ERR_NO_SPACE"),
                ZX_ERR_NOT_EMPTY => Some("ZX_ERR_NOT_EMPTY"),
                ZX_ERR_STOP => Some("ZX_ERR_STOP"),
                ZX_ERR_NEXT => Some("ZX_ERR_NEXT"),
                ZX_ERR_ASYNC => Some("ZX_ERR_ASYNC"),
                ZX_ERR_PROTOCOL_NOT_SUPPORTED => Some("ZX_ERR_PROTOCOL_NOT_SUPPORTED"),
                ZX_ERR_ADDRESS_UNREACHABLE => Some("ZX_ERR_ADDRESS_UNREACHABLE"),
                ZX_ERR_ADDRESS_IN_USE => Some("ZX_ERR_ADDRESS_IN_USE"),
                ZX_ERR_NOT_CONNECTED => Some("ZX_ERR_NOT_CONNECTED"),
                ZX_ERR_CONNECTION_REFUSED => Some("ZX_ERR_CONNECTION_REFUSED"),
                ZX_ERR_CONNECTION_RESET => Some("ZX_ERR_CONNECTION_RESET"),
                ZX_ERR_CONNECTION_ABORTED => Some("ZX_ERR_CONNECTION_ABORTED"),
                ZX_ERR_INTERNAL_INTR_KILLED => Some("ZX_ERR_INTERNAL_INTR_KILLED"),
                _ => None,
            }
        }
    }

    impl core::fmt::Display for zx_status_t {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            match self.name() {
                Some(name) => f.pad(name),
                None => write!(f, "status {}", self.0),
            }
        }
    }

    impl core::fmt::Debug for zx_status_t {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            core::fmt::Display::fmt(self, f)
        }
    }

    pub type zx_signals_t = u32;
    pub type zx_time_t = i64;

    #[repr(C)]
    #[derive(Clone, Copy, Debug)]
    pub struct zx_wait_item_t {
        pub handle: zx_handle_t,
        pub waitfor: zx_signals_t,
        pub pending: zx_signals_t,
    }
    const _: () = assert!(core::mem::size_of::<zx_wait_item_t>() == 12);

    #[link(name = "zircon")]
    extern "C" {
        /// Read and write arrays of every kind.
        pub fn zx_lamp_arrays(
            bytes: *const c_void,
            num_bytes: usize,
            handles: *mut zx_handle_t,
            rows: *mut c_void,
            count: u32,
            size: u32,
            actual: *mut usize,
        ) -> zx_status_t;

        /// End the thread.
        pub fn zx_lamp_break(code: i64) -> !;

        /// A number, not a status.
        pub fn zx_lamp_count() -> u64;

        /// Two calls refused in one way, and one in another.
        pub fn zx_lamp_explode(
            handle: zx_handle_t,
            parts: *mut c_void,
            num_parts: usize,
        ) -> zx_status_t;

        /// No result at all.
        pub fn zx_lamp_flicker();

        pub fn zx_lamp_get_max() -> u32;

        /// Run in the vDSO.
        pub fn zx_lamp_get_name(handle: zx_handle_t) -> *const u8;

        /// Light a lamp.
        /// It burns until it is put out.
        ///
        /// # Rights
        /// - handle must be a lamp with ZX_RIGHT_WRITE.
        ///
        /// # Errors
        /// - `ZX_ERR_BAD_HANDLE`: handle is no valid handle
        pub fn zx_lamp_light(handle: zx_handle_t, options: u32) -> zx_status_t;

        pub fn zx_lamp_plug_in() -> zx_status_t;

        /// Not there yet.
        pub fn zx_lamp_repair(
            handle: zx_handle_t,
            parts: *const zx_handle_t,
            num_parts: usize,
        ) -> zx_status_t;

        pub fn zx_lamp_sell(handle: zx_handle_t) -> zx_status_t;

        /// Buffers whose length does not follow from the arguments.
        pub fn zx_lamp_unsized(
            options: u64,
            args: *const c_void,
            text: *mut u8,
            text_size: *mut usize,
        ) -> zx_status_t;

        /// Structures in both directions.
        pub fn zx_lamp_wait(
            deadline: zx_time_t,
            item: *mut zx_wait_item_t,
            time: *mut zx_time_t,
        ) -> zx_status_t;
    }
}
