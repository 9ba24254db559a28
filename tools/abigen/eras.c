#include "eras.h"

const char *const era_dates[ERA_COUNT] = {
	[ERA_2018_07] = "2018-07",
	[ERA_2018_10] = "2018-10",
	[ERA_2018_12] = "2018-12",
	[ERA_2019_01] = "2019-01",
	[ERA_2020_07] = "2020-07",
	[ERA_2021_01] = "2021-01",
	[ERA_NEWEST] = "newest",
};

const char *const era_constants[ERA_COUNT] = {
	[ERA_2018_07] = "ZXERA_2018_07",
	[ERA_2018_10] = "ZXERA_2018_10",
	[ERA_2018_12] = "ZXERA_2018_12",
	[ERA_2019_01] = "ZXERA_2019_01",
	[ERA_2020_07] = "ZXERA_2020_07",
	[ERA_2021_01] = "ZXERA_2021_01",
	[ERA_NEWEST] = "ZXERA_NEWEST",
};
