// SPDX-License-Identifier: GPL-3.0-or-later
// The analogue side of one rig as its wiring header names it: front_insoles.c or front_mat.c.
#ifndef FRONT_H
#define FRONT_H

#include <stdbool.h>
#include <stdint.h>

#include "loads.h"
#include "sim_irq.h"
#ifdef WIRING
#include WIRING
#else
#include "wiring.h"
#endif

enum { FAULTS_MAX = 16 };

// What is broken: sensels (open, shorted, their line to ground), one stuck select line, one dead column.
struct front_faults {
    int open[FAULTS_MAX], shorted[FAULTS_MAX], grounded[FAULTS_MAX];
    int open_count, shorted_count, grounded_count;
    int stuck_mux, stuck_bit, stuck_level;  // mux -1: none
    int dead_column;                        // -1: none
};

void front_begin(const struct loads *loads, const struct front_faults *faults);
struct wiring_pin front_enable_pin(void);
bool front_is_on(void);
// Voltage at an ADC channel as a part of the supply.
double front_ratio(int adc_channel, double time_s);
int front_sensels(void);
// A sensel's conductance with its faults, S.
double front_conductance(int sensel, double time_s);
bool front_is_grounded(int sensel);
int front_mux_channel(int mux, const struct wiring_pin select[4]);

// From board.c: 1 or 0 as driven, -1 while the pin is an input; whether its pull-up is on.
int board_driven(struct wiring_pin pin);
bool board_pulls_up(struct wiring_pin pin);
void board_on_pin(struct wiring_pin pin, void (*notify)(struct avr_irq_t *, uint32_t, void *));

#endif
