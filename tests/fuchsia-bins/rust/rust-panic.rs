//! A program in Rust that panics when it has been told to.
#![no_std]
#![no_main]
#![deny(warnings)]

mod rt;

mod zircon {
    include!(env!("ZIRCON_RS"));
}

#[no_mangle]
pub extern "C" fn main(argc: i32, _argv: *const *const u8) -> i32 {
    let primes = [2, 3, 5];

    say!("about to look at prime {}", argc);
    primes[argc as usize]
}
