/*
 * Compiler helpers that the other public headers need, and no more: a program that wants
 * attribute macros brings its own.
 */
#ifndef ZIRCON_COMPILER_H_
#define ZIRCON_COMPILER_H_

#ifndef __ASSEMBLER__

#ifdef __cplusplus
#define __BEGIN_CDECLS extern "C" {
#define __END_CDECLS }
#else
#define __BEGIN_CDECLS
#define __END_CDECLS
#endif

/* A function that a shared object offers to others, whatever -fvisibility says. */
#ifndef __EXPORT
#define __EXPORT __attribute__((__visibility__("default")))
#endif

#ifndef __NO_RETURN
#define __NO_RETURN __attribute__((__noreturn__))
#endif

#ifndef __ALIGNED
#define __ALIGNED(x) __attribute__((__aligned__(x)))
#endif

/*
 * Standard C++ knows neither unnamed structures within unions nor arrays without a bound; the
 * interface has both. These mark them as meant, which keeps -Wpedantic quiet about them alone.
 */
#define __ZX_EXTENSION __extension__

#ifdef __cplusplus
#define __ZX_FLEXIBLE(type, name) __extension__ type name[0]
#else
#define __ZX_FLEXIBLE(type, name) type name[]
#endif

#endif /* __ASSEMBLER__ */

#endif /* ZIRCON_COMPILER_H_ */
