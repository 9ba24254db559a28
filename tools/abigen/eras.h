/*
 * Eras: the dates at which the public interface of Zircon is known, oldest first. A process belongs
 * to exactly one of them. Each stands for the time until the next.
 */
#ifndef ABIGEN_ERAS_H
#define ABIGEN_ERAS_H

enum era {
	ERA_2018_07,
	ERA_2018_10,
	ERA_2018_12,
	ERA_2019_01,
	ERA_2020_07,
	ERA_2021_01,
	ERA_NEWEST,
	ERA_COUNT
};

/* The date as it is written in definitions: "2018-07" ... "newest". */
extern const char *const era_dates[ERA_COUNT];

/* The name of the constant in generated C: "ZXERA_2018_07" ... */
extern const char *const era_constants[ERA_COUNT];

#endif
