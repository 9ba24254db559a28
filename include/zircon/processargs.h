/*
 * The bootstrap message: what a new process finds first on the channel that it is started with.
 * One of these in front, then arrays and strings at the offsets that it gives; beside the bytes,
 * handles, each described by one uint32_t at handle_info_off.
 */
#ifndef ZIRCON_PROCESSARGS_H_
#define ZIRCON_PROCESSARGS_H_

#include <stdint.h>
#include <zircon/types.h>

__BEGIN_CDECLS

#define ZX_PROCARGS_PROTOCOL	((uint32_t)0x4150585du)	/* "]XPA" in memory */
#define ZX_PROCARGS_VERSION	((uint32_t)0x0001000u)

/* Offsets are in bytes from the start of the message; strings end in NUL, one after another. */
typedef struct zx_proc_args {
	uint32_t protocol;
	uint32_t version;
	uint32_t handle_info_off;
	uint32_t args_off;
	uint32_t args_num;
	uint32_t environ_off;
	uint32_t environ_num;
	uint32_t names_off;	/* of the directories that PA_NS_DIR handles number */
	uint32_t names_num;
} zx_proc_args_t;

/* The word that describes a handle: its type in bits 0 to 7, an argument in bits 16 to 31. */
#define PA_HND(type, arg)	(((type) & 0xff) | (((arg) & 0xffff) << 16))
#define PA_HND_TYPE(n)		((n) & 0xff)
#define PA_HND_ARG(n)		(((n) >> 16) & 0xffff)

/* The process's own objects */
#define PA_PROC_SELF		0x01u
#define PA_THREAD_SELF		0x02u	/* the first thread */
#define PA_JOB_DEFAULT		0x03u	/* where it may create processes */
#define PA_VMAR_ROOT		0x04u
#define PA_VMAR_LOADED		0x05u	/* the region that the first ELF image lies in */

/* For the dynamic linker */
#define PA_LDSVC_LOADER		0x10u	/* channel to the loader service */
#define PA_VMO_VDSO		0x11u	/* arg: which, of several */
#define PA_VMO_STACK		0x13u	/* of the first thread */
#define PA_VMO_EXECUTABLE	0x14u
#define PA_VMO_BOOTDATA		0x1Au
#define PA_VMO_BOOTFS		0x1Bu
#define PA_VMO_KERNEL_FILE	0x1Cu
#define PA_VMO_COMPONENT_CONFIG	0x1Du	/* newest */

/* Files and directories */
#define PA_NS_DIR		0x20u	/* arg: index into the names */
#define PA_FD			0x30u	/* arg: file descriptor; also stdio, by a flag bit */
#define PA_LIFECYCLE		0x3Au
#define PA_DIRECTORY_REQUEST	0x3Bu	/* the outgoing directory */
#define PA_ESCROWED_DICTIONARY	0x3Cu	/* newest */
#define PA_LOG_SINK		0x3Du	/* newest */

/* Hardware and time */
#define PA_RESOURCE		0x3Fu
#define PA_CLOCK_UTC		0x40u	/* from 2020 on */
#define PA_MMIO_RESOURCE	0x50u	/* newest */
#define PA_IRQ_RESOURCE		0x51u	/* newest */
#define PA_IOPORT_RESOURCE	0x52u	/* newest */
#define PA_SMC_RESOURCE		0x53u	/* newest */
#define PA_SYSTEM_RESOURCE	0x54u	/* newest */

/* Free for agreements between a program and what starts it */
#define PA_USER0		0xF0u
#define PA_USER1		0xF1u
#define PA_USER2		0xF2u

__END_CDECLS

#endif /* ZIRCON_PROCESSARGS_H_ */
