/* Made by abigen from abi/. Changes belong there. */
#ifndef ZXABI_CALLS_H
#define ZXABI_CALLS_H

/* Numbers are shared by the parts of one build only; they are no ABI. */
enum zxabi_call {
	ZXCALL_lamp_arrays = 0,
	ZXCALL_lamp_break = 1,
	ZXCALL_lamp_count = 2,
	ZXCALL_lamp_explode = 3,
	ZXCALL_lamp_flicker = 4,
	ZXCALL_lamp_light = 5,
	ZXCALL_lamp_light_2018 = 6,
	ZXCALL_lamp_light_2020 = 7,
	ZXCALL_lamp_plug_in = 8,
	ZXCALL_lamp_repair = 9,
	ZXCALL_lamp_sell = 10,
	ZXCALL_lamp_unsized = 11,
	ZXCALL_lamp_wait = 12,
	ZXCALL_COUNT = 13
};

/* Dates of Zircon's interface, oldest first. A process belongs to one of them. */
enum zxabi_era {
	ZXERA_2018_07 = 0,
	ZXERA_2018_10 = 1,
	ZXERA_2018_12 = 2,
	ZXERA_2019_01 = 3,
	ZXERA_2020_07 = 4,
	ZXERA_2021_01 = 5,
	ZXERA_NEWEST = 6,
	ZXERA_COUNT = 7
};

/* ZXABI_ERA_DATES(X): X(era, "date") for each era, oldest first. */
#define ZXABI_ERA_DATES(X) \
	X(ZXERA_2018_07, "2018-07") \
	X(ZXERA_2018_10, "2018-10") \
	X(ZXERA_2018_12, "2018-12") \
	X(ZXERA_2019_01, "2019-01") \
	X(ZXERA_2020_07, "2020-07") \
	X(ZXERA_2021_01, "2021-01") \
	X(ZXERA_NEWEST, "newest")

/*
 * ZXABI_VARIANTS(X): X(call, variant, first era, last era): in these eras what
 * programs call is the variant.
 */
#define ZXABI_VARIANTS(X) \
	X(ZXCALL_lamp_light, ZXCALL_lamp_light_2018, ZXERA_2018_07, ZXERA_2018_10) \
	X(ZXCALL_lamp_light, ZXCALL_lamp_light_2018, ZXERA_2019_01, ZXERA_2019_01) \
	X(ZXCALL_lamp_light, ZXCALL_lamp_light_2020, ZXERA_2020_07, ZXERA_2020_07)

#endif
