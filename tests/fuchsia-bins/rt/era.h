/*
 * Which era's interfaces a program is built for: 2018 (SDKs of 2018-12) or 2020 (those of 2020-07
 * on). Only what differs between them is built twice.
 */
#ifndef RT_ERA_H
#define RT_ERA_H

#ifndef RT_ERA
#define RT_ERA 2020
#endif

#if RT_ERA != 2018 && RT_ERA != 2020
#error "RT_ERA must be 2018 or 2020"
#endif

#endif
