//! In place of the crate that every other asks for beside `core`. The functions that code made by
//! rustc calls, memcpy() and the like, are the runtime's.
#![no_std]
#![feature(compiler_builtins)]
#![compiler_builtins]
