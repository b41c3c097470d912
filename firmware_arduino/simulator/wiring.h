// SPDX-License-Identifier: GPL-3.0-or-later
// How the simulated board is wired. Printed by `python hardware_schematics/print_nets.py` from nets.toml: do not edit.
#ifndef WIRING_H
#define WIRING_H

struct wiring_pin { char port; int bit; };
struct wiring_mux {
    const char *name;
    struct wiring_pin select[4], enable;
    int adc_channel, first_sensel;
    double mux_ohm, pull_down_ohm;
};

#define WIRING_CHANNELS 16
#define WIRING_MUX_COUNT 2
static const struct wiring_mux WIRING_MUXES[WIRING_MUX_COUNT] = {
    {"U1", {{'D', 4}, {'D', 5}, {'D', 6}, {'D', 7}}, {'D', 3},
     0, 0, 70.0, 1000.0},
    {"U2", {{'B', 0}, {'B', 1}, {'B', 2}, {'B', 3}}, {'D', 3},
     1, 16, 70.0, 1000.0},
};
static const struct wiring_pin WIRING_SYNC_IN = {'D', 2};
static const struct wiring_pin WIRING_SYNC_OUT = {'B', 4};
static const struct wiring_pin WIRING_LED = {'B', 5};

#endif
