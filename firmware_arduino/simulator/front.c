// SPDX-License-Identifier: GPL-3.0-or-later
// What both kinds of front end share: loads with their faults, and the multiplexers' select lines.
#include "front.h"

#define SHORT_S 1e3

static const struct loads *loads;
static const struct front_faults *faults;

void front_share(const struct loads *prescribed, const struct front_faults *chosen) {
    loads = prescribed;
    faults = chosen;
}

static bool is_among(const int *sensels, int count, int sensel) {
    for (int n = 0; n < count; n++) {
        if (sensels[n] == sensel) return true;
    }
    return false;
}

bool front_is_grounded(int sensel) { return is_among(faults->grounded, faults->grounded_count, sensel); }

double front_conductance(int sensel, double time_s) {
    if (is_among(faults->open, faults->open_count, sensel)) return 0;
    if (is_among(faults->shorted, faults->shorted_count, sensel)) return SHORT_S;
    const double conductance_us = loads_conductance_us(loads, sensel, time_s);
    return conductance_us > 0 ? conductance_us * 1e-6 : 0;
}

int front_mux_channel(int mux, const struct wiring_pin select[4]) {
    int channel = 0;
    for (int n = 0; n < 4; n++) channel |= (board_driven(select[n]) == 1) << n;
    if (mux != faults->stuck_mux) return channel;
    const int bit = 1 << faults->stuck_bit;
    return faults->stuck_level ? channel | bit : channel & ~bit;
}
