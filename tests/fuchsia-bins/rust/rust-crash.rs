//! A program in Rust that crashes in a method, called by a generic function.
#![no_std]
#![no_main]
#![deny(warnings)]

mod rt;

mod zircon {
    include!(env!("ZIRCON_RS"));
}

mod shop {
    pub trait Door {
        fn open(&self, key: usize) -> u32;
    }

    pub struct Till;

    impl Door for Till {
        #[inline(never)]
        fn open(&self, key: usize) -> u32 {
            // Nothing is there.
            unsafe { *(key as *const u32) }
        }
    }

    #[inline(never)]
    pub fn serve<D: Door>(door: &D, key: usize) -> u32 {
        // Not the last thing that it does, so that its frame is there.
        door.open(key) + 1
    }
}

#[no_mangle]
pub extern "C" fn main(argc: i32, _argv: *const *const u8) -> i32 {
    say!("about to open {}", argc);
    shop::serve(&shop::Till, argc as usize - 1) as i32
}
