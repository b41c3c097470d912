// SPDX-License-Identifier: GPL-3.0-or-later
// What the board can find out about its own wiring. A resting FSR and an open line both read "nothing": no
// board can tell them apart. The test is therefore done twice, once with no load (shorts) and once standing
// on the rig (lines that stay silent, multiplexers whose select line is stuck).
#ifndef SELF_TEST_H
#define SELF_TEST_H

#include <stdint.h>

#define SELF_TEST_STATE_BYTES ((SENSEL_COUNT + 3) / 4)

// Findings, as bits of SelfTest; the states of all sensels, two bits each, stand in self_test_states().
uint16_t self_test_front();
const uint8_t *self_test_states();

#endif
