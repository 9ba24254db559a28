//! What the programs in Rust take from the runtime that those in C have, in ../rt.

use core::fmt::{self, Write};

use crate::zircon::zx_process_exit;

/// The return code of a program that panicked.
const EXIT_PANIC: i64 = 101;

extern "C" {
    fn rt_print(format: *const u8, ...);
    fn rt_print_error(format: *const u8, ...);
}

/// A line that is being put together. What does not fit is left out.
struct Line {
    bytes: [u8; 512],
    len: usize,
}

impl Line {
    fn of(args: fmt::Arguments<'_>) -> Line {
        let mut line = Line {
            bytes: [0; 512],
            len: 0,
        };

        // The only error there can be is of a type that cannot be shown.
        let _ = line.write_fmt(args);
        line
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = &mut self.bytes[self.len..];
        let len = text.len().min(room.len());

        room[..len].copy_from_slice(&text.as_bytes()[..len]);
        self.len += len;
        Ok(())
    }
}

pub fn print(args: fmt::Arguments<'_>) {
    let line = Line::of(args);

    unsafe { rt_print(b"%.*s\n\0".as_ptr(), line.len as i32, line.bytes.as_ptr()) }
}

/// Print a line on standard output.
#[macro_export]
macro_rules! say {
    ($($arg:tt)*) => { $crate::rt::print(format_args!($($arg)*)) };
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let line = Line::of(format_args!("{}", info));

    unsafe {
        rt_print_error(b"%.*s\n\0".as_ptr(), line.len as i32, line.bytes.as_ptr());
        zx_process_exit(EXIT_PANIC)
    }
}
