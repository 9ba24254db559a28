/*
 * The shim, libzircon.so, and the helper for crash reports, inside zxrun itself: one file is all
 * there is to install.
 */
	.section .rodata
	.balign	4096
	.globl	host_vdso_image
host_vdso_image:
	.incbin	VDSO_FILE
	.globl	host_vdso_image_end
host_vdso_image_end:
	.balign	64
	.globl	host_shim_image
host_shim_image:
	.incbin	SHIM_FILE
	.globl	host_shim_image_end
host_shim_image_end:
	.balign	64
	.globl	host_crash_image
host_crash_image:
	.incbin	CRASH_FILE
	.globl	host_crash_image_end
host_crash_image_end:
	.section .note.GNU-stack, "", @progbits
