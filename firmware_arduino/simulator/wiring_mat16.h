// SPDX-License-Identifier: GPL-3.0-or-later
// How the simulated board is wired. Printed by `python hardware_schematics/print_nets.py` from nets_mat.toml: do not edit.
#ifndef WIRING_H
#define WIRING_H

struct wiring_pin { char port; int bit; };
struct wiring_column_mux {
    const char *name;
    struct wiring_pin select[4];
    int adc_channel, first_column;
    double mux_ohm, pull_down_ohm;
};

#define WIRING_ROWS 16
#define WIRING_COLUMNS 16
#define WIRING_VIRTUAL_GROUND 1
#define WIRING_ROW_OHM 5.0
#define WIRING_ROW_IDLE_OHM 220.0
#define WIRING_FEEDBACK_OHM 3000.0
#define WIRING_REFERENCE_RATIO 0.25
#define WIRING_REFERENCE_OHM 10.0
#define WIRING_MUX_COUNT 1
static const struct wiring_column_mux WIRING_MUXES[WIRING_MUX_COUNT] = {
    {"U31", {{'D', 4}, {'D', 5}, {'D', 6}, {'D', 7}}, 0, 0, 70.0, 0.0},
};
static const struct wiring_pin WIRING_ROW_DATA = {'B', 0};
static const struct wiring_pin WIRING_ROW_CLOCK = {'B', 1};
static const struct wiring_pin WIRING_ROW_LATCH = {'B', 2};
static const struct wiring_pin WIRING_ROW_OFF = {'D', 3};
static const struct wiring_pin WIRING_SYNC_IN = {'D', 2};
static const struct wiring_pin WIRING_SYNC_OUT = {'B', 4};
static const struct wiring_pin WIRING_LED = {'B', 5};

#endif
