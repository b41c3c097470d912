// SPDX-License-Identifier: GPL-3.0-or-later
// Two multiplexers, each before a divider: sensor from the supply, multiplexer, pull-down to ground.
#include "front.h"

#define PULL_UP_OHM 36000.0  // the chip's own, 20 to 50 kohm

void front_share(const struct loads *loads, const struct front_faults *faults);

void front_begin(const struct loads *loads, const struct front_faults *faults) {
    front_share(loads, faults);
}

struct wiring_pin front_enable_pin(void) { return WIRING_MUXES[0].enable; }
int front_sensels(void) { return WIRING_CHANNELS * WIRING_MUX_COUNT; }

// EN is active low and has a pull-up, so a pin that is not driven leaves the multiplexer off.
bool front_is_on(void) { return board_driven(WIRING_MUXES[0].enable) == 0; }

#if defined(WIRING_ADC_PORT)
#define ADC_PORT WIRING_ADC_PORT
#else
#define ADC_PORT 'C'
#endif

double front_ratio(int adc_channel, double time_s) {
    for (int n = 0; n < WIRING_MUX_COUNT; n++) {
        const struct wiring_mux *mux = &WIRING_MUXES[n];
        if (mux->adc_channel != adc_channel) continue;
        double to_supply = 0, to_ground = 1 / mux->pull_down_ohm;
        if (board_pulls_up((struct wiring_pin){ADC_PORT, adc_channel})) to_supply += 1 / PULL_UP_OHM;
        if (board_driven(mux->enable) == 0) {
            const int sensel = mux->first_sensel + front_mux_channel(n, mux->select);
            const double conductance = front_conductance(sensel, time_s);
            if (front_is_grounded(sensel)) {
                to_ground += 1 / mux->mux_ohm;
            } else if (conductance > 0) {
                to_supply += 1 / (mux->mux_ohm + 1 / conductance);
            }
        }
        return to_supply / (to_supply + to_ground);
    }
    return 0;
}
