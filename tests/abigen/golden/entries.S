/* Made by abigen from abi/. Changes belong there. */
#include "entry.h"

ZXCALL_ENTRY zx_lamp_arrays, 0, 7
ZXCALL_ENTRY zx_lamp_break, 1, 1
ZXCALL_ENTRY zx_lamp_count, 2, 0
ZXCALL_ENTRY zx_lamp_explode, 3, 3
ZXCALL_ENTRY zx_lamp_flicker, 4, 0
ZXVDSO_ENTRY zx_lamp_get_max
ZXVDSO_ENTRY zx_lamp_get_name
ZXCALL_ENTRY zx_lamp_light, 5, 2
ZXCALL_ENTRY zx_lamp_plug_in, 8, 0
ZXCALL_ENTRY zx_lamp_repair, 9, 3
ZXCALL_ENTRY zx_lamp_sell, 10, 1
ZXCALL_ENTRY zx_lamp_unsized, 11, 4
ZXCALL_ENTRY zx_lamp_wait, 12, 3
