// SPDX-License-Identifier: GPL-3.0-or-later
// The supply voltage, by converting the chip's own reference. It takes over a millisecond of the ADC,
// so it is measured at boot and while idle, never while scanning.
#ifndef SCAN_SUPPLY_H
#define SCAN_SUPPLY_H

#include <stdint.h>

uint16_t supply_measure_mv();
bool supply_is_measured();  // not on the portable path: every chip has another reference

#endif
