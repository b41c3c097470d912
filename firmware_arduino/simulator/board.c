// SPDX-License-Identifier: GPL-3.0-or-later
#include "board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "avr_adc.h"
#include "avr_eeprom.h"
#include "avr_ioport.h"
#include "avr_uart.h"
#include "front.h"
#include "host.h"
#include "sim_cycle_timers.h"
#include "sim_elf.h"

#define FREQUENCY_HZ 16000000
#define ADC_STEPS 1024
#define SIMAVR_ADC_STEPS 1023
// Which chip, and where its line to the host is; the Makefile chooses.
#ifndef MCU
#define MCU "atmega328p"
#endif
#ifndef UART_NAME
#define UART_NAME '0'
#endif
#define EEPROM_MAX_BYTES 4096
#define UCSRA_ADDRESS (UART_NAME == '0' ? 0xC0 : 0xC8)
#define UCSRB_ADDRESS (UCSRA_ADDRESS + 1)
#define UBRRL_ADDRESS (UCSRA_ADDRESS + 4)
#define REGISTER_OF(port, base) ((base) + 3 * ((port) - 'A'))  // PINA, DDRA, PORTA, PINB, ...
#define PIN_OF(port) REGISTER_OF(port, 0x20)
#define DDR_OF(port) REGISTER_OF(port, 0x21)
#define PORT_OF(port) REGISTER_OF(port, 0x22)
#define SIMAVR_FRAME_BITS 11
#define FRAME_BITS 10
#define UDRE_DELAY_CYCLES 8   // a byte moves from the buffer to the shift register
#define RUN_CYCLES 4000       // instructions run together until the next timer: twice the speed
#define RECEIVER_HOLDS 3      // two buffered, one in the shift register

static struct board_options options;
static const struct loads *loads;
static avr_t *avr;
static avr_uart_t *uart;
static avr_adc_t *adc;
static struct board_counters counters;
static double loads_began_s;
static bool loads_run;
static bool muxes_were_on;
static int sampled_counts;
static avr_cycle_count_t adc_clock_began;
static bool conversion_has_begun, adc_has_hung, muxes_are_new;
static avr_cycle_count_t shift_ends;
static bool line_is_busy;

double board_time_s(void) { return (double)avr->cycle / FREQUENCY_HZ; }

struct board_counters board_counters(void) { return counters; }

static void log_event(const char *name, int value) {
    if (options.log) fprintf(options.log, "%.7f %s %d\n", board_time_s(), name, value);
}

static double loads_time_s(void) {
    if (!options.loads_from_scan) return board_time_s();
    return loads_run ? board_time_s() - loads_began_s : 0;
}

// ---- pins -------------------------------------------------------------------------------------------

int board_driven(struct wiring_pin pin) {
    if (!((avr->data[DDR_OF(pin.port)] >> pin.bit) & 1)) return -1;
    return (avr->data[PORT_OF(pin.port)] >> pin.bit) & 1;
}

bool board_pulls_up(struct wiring_pin pin) {
    return board_driven(pin) == -1 && ((avr->data[PORT_OF(pin.port)] >> pin.bit) & 1);
}

static void on_enable(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    (void)value;
    (void)param;
    const bool on = front_is_on();
    if (on == muxes_were_on) return;
    muxes_were_on = on;
    log_event("muxes_on", on);
    muxes_are_new = on;
    if (on && !loads_run) {
        loads_run = true;
        loads_began_s = board_time_s();
    }
}

void board_on_pin(struct wiring_pin pin, void (*notify)(struct avr_irq_t *, uint32_t, void *)) {
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(pin.port), pin.bit), notify, NULL);
}

static void on_output(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    log_event(param, (int)value & 1);
}

static avr_irq_t *pin_irq(struct wiring_pin pin) {
    return avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(pin.port), pin.bit);
}

static void drive_sync_in(void) {
    static int before;
    const int level = loads_sync_level(loads, loads_time_s());
    // written straight to PINx: simavr would poll a low D2 as INT0 on every cycle
    uint8_t *pins = &avr->data[PIN_OF(WIRING_SYNC_IN.port)];
    const uint8_t mask = (uint8_t)(1u << WIRING_SYNC_IN.bit);
    *pins = level ? *pins | mask : *pins & (uint8_t)~mask;
    if (level != before) log_event("sync_in", level);
    before = level;
}

// ---- ADC --------------------------------------------------------------------------------------------

static avr_cycle_count_t adc_clock(void) {
    const uint32_t prescaler = avr_regbit_get_array(avr, adc->adps, 3);
    return 1u << (prescaler ? prescaler : 1);
}

static avr_cycle_count_t take_sample(avr_t *chip, avr_cycle_count_t when, void *param) {
    (void)chip;
    (void)when;
    const int counts = (int)floor(front_ratio((int)(intptr_t)param, loads_time_s()) * ADC_STEPS);
    sampled_counts = counts < ADC_STEPS ? counts : ADC_STEPS - 1;
    return 0;
}

// The conversion ends: what was sampled is what ADCL gives from here on, whatever ADMUX says then. The
// millivolts are those that simavr's own arithmetic turns into exactly these counts.
static avr_cycle_count_t publish_sample(avr_t *chip, avr_cycle_count_t when, void *param) {
    (void)when;
    (void)param;
    const uint32_t millivolts =
        ((uint32_t)sampled_counts * chip->avcc + SIMAVR_ADC_STEPS - 1) / SIMAVR_ADC_STEPS;
    for (int n = 0; n < 8; n++) {
        avr_raise_irq(&adc->io.irq[ADC_IRQ_ADC0 + n], millivolts);
    }
    return 0;
}

// Silicon begins a conversion at the next edge of the ADC's own clock, which runs while the ADC is on;
// simavr begins at once. Its end is put off by as much. A hung converter ends far in the future.
static void put_off_end(avr_cycle_count_t delay) {
    avr_cycle_timer_slot_p slot = avr->cycle_timers.timer;
    while (slot && slot->param != adc) slot = slot->next;
    if (!slot) return;
    const avr_cycle_timer_t end = slot->timer;
    avr_cycle_timer_register(avr, slot->when - avr->cycle + delay, end, adc);
}

static avr_cycle_count_t cycles_to_edge(void) {
    const avr_cycle_count_t clock = adc_clock();
    return (clock - (avr->cycle - adc_clock_began) % clock) % clock;
}

static void on_conversion(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    (void)param;
    const union {
        uint32_t v;
        avr_adc_mux_t mux;
    } source = {.v = value};
    const avr_cycle_count_t clock = adc_clock();
    if (adc->first) adc_clock_began = avr->cycle;
    // the first one takes 25 clocks
    const avr_cycle_count_t extra = cycles_to_edge() + (adc->first ? 12 * clock : 0);
    counters.conversions++;
    conversion_has_begun = true;
    if (source.mux.kind != ADC_MUX_SINGLE) return;
    avr_cycle_timer_register(avr, extra + clock * 3 / 2, take_sample, (void *)(intptr_t)source.mux.src);
    avr_cycle_timer_register(avr, extra + clock * 13 - 2, publish_sample, NULL);
}

// Called after simavr's own look at the register, which has begun the conversion that was asked for.
static void on_adc_control_written(avr_t *chip, avr_io_addr_t address, uint8_t value, void *param) {
    (void)address;
    (void)value;
    (void)param;
    if (!conversion_has_begun) return;
    conversion_has_begun = false;
    if (muxes_are_new) log_event("first_conversion", 1);  // since the front end was switched on
    muxes_are_new = false;
    const bool hung = board_time_s() >= options.adc_hangs_at_s && !adc_has_hung;
    adc_has_hung = adc_has_hung || hung;
    if (hung) log_event("adc_hung", 1);
    put_off_end(hung ? (avr_cycle_count_t)FREQUENCY_HZ : cycles_to_edge());
    (void)chip;
}

// ---- UART -------------------------------------------------------------------------------------------

static unsigned board_baud(void) {
    const unsigned divisor = avr->data[UBRRL_ADDRESS] | avr->data[UBRRL_ADDRESS + 1] << 8;
    const double exact = FREQUENCY_HZ / ((avr->data[UCSRA_ADDRESS] & 2 ? 8.0 : 16.0) * (divisor + 1));
    const unsigned named[] = {115200, 250000, 500000, 1000000, 2000000};
    for (unsigned n = 0; n < sizeof named / sizeof *named; n++) {
        if (fabs(exact / named[n] - 1) < 0.03) return named[n];
    }
    return (unsigned)exact;
}

static avr_cycle_count_t set_udre(avr_t *chip, avr_cycle_count_t when, void *param) {
    (void)when;
    (void)param;
    avr_regbit_set(chip, uart->udrc.raised);
    return 0;
}

// A written byte enters the shift register at once or when the one before has left it; until then the
// buffer is full and UDRE low.
static void on_sent(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    (void)param;
    host_take((uint8_t)value, board_baud());
    const bool idle = avr->cycle >= shift_ends;
    const avr_cycle_count_t begins = idle ? avr->cycle : shift_ends;
    shift_ends = begins + uart->cycles_per_byte;
    avr_cycle_timer_register(avr, begins - avr->cycle + UDRE_DELAY_CYCLES, set_udre, NULL);
}

static void on_baud_written(avr_t *chip, avr_io_addr_t address, uint8_t value, void *param) {
    (void)chip;
    (void)address;
    (void)value;
    (void)param;
    uart->cycles_per_byte = uart->cycles_per_byte * FRAME_BITS / SIMAVR_FRAME_BITS;
    log_event("baud", (int)board_baud());
}

static void on_control_written(avr_t *chip, avr_io_addr_t address, uint8_t value, void *param) {
    (void)address;
    (void)value;
    (void)param;
    if (avr_regbit_get(chip, uart->txen) && chip->cycle >= shift_ends) {
        avr_regbit_set(chip, uart->udrc.raised);
    }
}

static void receive(uint8_t byte) {
    const unsigned held = (uart->input.write - uart->input.read) & (uart_fifo_fifo_size - 1);
    if (held >= RECEIVER_HOLDS) {
        counters.received_bytes_lost++;
        log_event("received_byte_lost", byte);
        return;
    }
    avr_raise_irq(&uart->io.irq[UART_IRQ_INPUT], byte);
}

// One byte a byte time, as the line brings them; ends when the host has no more for now.
static avr_cycle_count_t feed_receiver(avr_t *chip, avr_cycle_count_t when, void *param) {
    (void)chip;
    (void)param;
    uint8_t byte;
    line_is_busy = host_give(&byte, board_baud());
    if (!line_is_busy) return 0;
    receive(byte);
    return when + uart->cycles_per_byte;
}

static void start_feeding(void) {
    if (line_is_busy || !avr_regbit_get(avr, uart->rxen)) return;
    line_is_busy = true;
    avr_cycle_timer_register(avr, uart->cycles_per_byte, feed_receiver, NULL);
}

// ---- the board as a whole ---------------------------------------------------------------------------

static avr_io_t *find_io(const char *kind) {
    for (avr_io_t *io = avr->io_port; io; io = io->next) {
        if (strcmp(io->kind, kind) == 0) return io;
    }
    fprintf(stderr, "simulator: this chip has no %s\n", kind);
    exit(2);
}

static avr_uart_t *find_uart(void) {
    for (avr_io_t *io = avr->io_port; io; io = io->next) {
        if (strcmp(io->kind, "uart") == 0 && ((avr_uart_t *)io)->name == UART_NAME) return (avr_uart_t *)io;
    }
    fprintf(stderr, "simulator: this chip has no such serial port\n");
    exit(2);
}

static uint32_t eeprom_bytes(void) { return avr->e2end + 1; }

static void load_eeprom(void) {
    uint8_t bytes[EEPROM_MAX_BYTES];
    FILE *file = options.eeprom_path ? fopen(options.eeprom_path, "rb") : NULL;
    if (!file) return;
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    if (size == eeprom_bytes()) {
        avr_eeprom_desc_t desc = {bytes, 0, (uint32_t)size};
        avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &desc);
    }
    fclose(file);
}

static void save_eeprom(void) {
    avr_eeprom_desc_t desc = {NULL, 0, eeprom_bytes()};
    FILE *file = options.eeprom_path ? fopen(options.eeprom_path, "wb") : NULL;
    if (!file) return;
    avr_ioctl(avr, AVR_IOCTL_EEPROM_GET, &desc);
    if (desc.ee) fwrite(desc.ee, desc.size, 1, file);
    fclose(file);
}

static void listen(void) {
    uint32_t quiet = 0;  // simavr's own printing and sleeping at the UART
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS(UART_NAME), &quiet);
    avr_irq_register_notify(&adc->io.irq[ADC_IRQ_OUT_TRIGGER], on_conversion, NULL);
    avr_irq_register_notify(&uart->io.irq[UART_IRQ_OUTPUT], on_sent, NULL);
    // simavr says "room to receive" at every look at UCSR0A; nobody listens to it
    uart->io.irq[UART_IRQ_OUT_XON].flags |= IRQ_FLAG_FILTERED;
    avr_register_io_write(avr, adc->r_adcsra, on_adc_control_written, NULL);
    avr_register_io_write(avr, UBRRL_ADDRESS, on_baud_written, NULL);
    avr_register_io_write(avr, UCSRB_ADDRESS, on_control_written, NULL);
    avr_irq_register_notify(pin_irq(front_enable_pin()), on_enable, NULL);
    front_begin(loads, options.faults);
    avr_irq_register_notify(pin_irq(WIRING_SYNC_OUT), on_output, "sync_out");
    avr_irq_register_notify(pin_irq(WIRING_LED), on_output, "led");
}

static void begin_after_reset(void) {
    avr->run_cycle_limit = RUN_CYCLES;
    shift_ends = avr->cycle;
    muxes_were_on = false;
    line_is_busy = false;
}

bool board_begin(const struct board_options *chosen, const struct loads *prescribed) {
    elf_firmware_t firmware = {0};
    options = *chosen;
    loads = prescribed;
    if (elf_read_firmware(options.elf_path, &firmware) != 0) return false;
    avr = avr_make_mcu_by_name(MCU);
    if (!avr) return false;
    avr_init(avr);
    avr->log = LOG_ERROR;
    firmware.frequency = FREQUENCY_HZ;
    firmware.vcc = firmware.avcc = firmware.aref = (uint32_t)lround(options.supply_v * 1000);
    avr_load_firmware(avr, &firmware);
    uart = find_uart();
    adc = (avr_adc_t *)find_io("adc");
    load_eeprom();
    listen();
    begin_after_reset();
    return true;
}

void board_reset_pressed(void) {
    avr_reset(avr);
    avr_regbit_set(avr, avr->reset_flags.extrf);
    begin_after_reset();
    log_event("reset", 1);
}

bool board_run_until(double time_s) {
    const avr_cycle_count_t until = (avr_cycle_count_t)(time_s * FREQUENCY_HZ);
    if (options.poke_address && board_time_s() >= options.poke_at_s) {
        avr->data[options.poke_address] = options.poke_value;
        options.poke_address = 0;
    }
    drive_sync_in();
    start_feeding();
    while (avr->cycle < until) {
        const int state = avr_run(avr);
        if (state == cpu_Done || state == cpu_Crashed) return false;
    }
    return true;
}

void board_end(void) {
    save_eeprom();
    avr_terminate(avr);
}
