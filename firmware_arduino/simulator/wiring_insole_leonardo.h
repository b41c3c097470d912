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
    {"U1", {{'F', 4}, {'F', 5}, {'F', 6}, {'F', 7}}, {'D', 0},
     1, 0, 70.0, 1000.0},
    {"U2", {{'B', 4}, {'B', 5}, {'B', 6}, {'B', 7}}, {'D', 0},
     0, 16, 70.0, 1000.0},
};
static const struct wiring_pin WIRING_SYNC_IN = {'D', 1};
static const struct wiring_pin WIRING_SYNC_OUT = {'D', 6};
static const struct wiring_pin WIRING_LED = {'C', 7};

#endif
