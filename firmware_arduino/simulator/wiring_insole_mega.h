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
    {"U1", {{'A', 0}, {'A', 1}, {'A', 2}, {'A', 3}}, {'E', 5},
     0, 0, 70.0, 1000.0},
    {"U2", {{'A', 4}, {'A', 5}, {'A', 6}, {'A', 7}}, {'E', 5},
     1, 16, 70.0, 1000.0},
};
static const struct wiring_pin WIRING_SYNC_IN = {'E', 4};
static const struct wiring_pin WIRING_SYNC_OUT = {'B', 6};
static const struct wiring_pin WIRING_LED = {'B', 7};

#endif
