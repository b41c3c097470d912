// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the real firmware image on a simulated board: see usage() for the options.
#define _GNU_SOURCE
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "front.h"
#include "host.h"
#include "loads.h"

#define SLICE_S 0.00025         // how often the world outside is looked at
#define WAIT_US 500             // while the pty is full or nobody has it open
#define MAX_LAG_S 0.25          // real time that is given up rather than run after

static volatile sig_atomic_t stop_asked;

static struct {
    const char *loads_path, *log_path;
    double seconds;
    bool realtime, reset_on_open;
    pid_t owner;
    struct host_options host;
    struct board_options board;
} chosen = {.seconds = -1, .reset_on_open = true, .board = {.supply_v = 5.0, .adc_hangs_at_s = HUGE_VAL}};

static void usage(FILE *to) {
    fputs("usage: simulator --elf IMAGE (--out FILE --seconds N | --pause | --drop) [options]\n"
          "  --out FILE        run freely, the board's bytes go to FILE\n"
          "  --seconds N       end after N simulated seconds\n"
          "  --send HEX@TIME   the host sends these bytes at that simulated second (with --out)\n"
          "  --pause           a pty; simulated time waits while it is full\n"
          "  --drop            a pty; bytes that the host does not take in time are lost, as on a line\n"
          "  --pty-link PATH   a symbolic link to the pty, taken away at the end\n"
          "  --realtime        simulated time keeps pace with the clock on the wall\n"
          "  --match-baud      bytes are nonsense unless the host has set the board's baud\n"
          "  --no-reset        opening the pty does not reset the board (an Uno's does)\n"
          "  --loads FILE      what the sensors feel, see loads.h; none: nothing\n"
          "  --loads-from-scan the loads' time begins with the first scan, not with the simulation\n"
          "  --supply V        supply voltage, 5.0\n"
          "  --eeprom FILE     keep the EEPROM there\n"
          "  --fault WHAT      open:SENSEL, short:SENSEL, ground:SENSEL, column:COLUMN, stuck:MUX.BIT=LEVEL;\n"
          "                    may be given again\n"
          "  --adc-hangs TIME  one conversion then takes a second\n"
          "  --poke A=V@TIME   byte V (hex) into the chip's memory at address A (hex)\n"
          "  --owner PID       end when this parent process has ended, however it did\n"
          "  --log FILE        events: simulated second, name, value\n",
          to);
}

static void fail(const char *what, const char *which) {
    fprintf(stderr, "simulator: %s%s%s\n", what, which ? ": " : "", which ? which : "");
    exit(2);
}

static void prepare_send(const char *text) {
    const char *at = strchr(text, '@');
    if (!at || (at - text) % 2) fail("--send needs HEX@TIME", text);
    const size_t count = (size_t)(at - text) / 2;
    uint8_t *bytes = malloc(count + 1);
    for (size_t n = 0; n < count; n++) {
        if (sscanf(text + 2 * n, "%2hhx", &bytes[n]) != 1) fail("--send needs HEX@TIME", text);
    }
    host_prepare(bytes, count, atof(at + 1));
}

static struct front_faults faults = {.stuck_mux = -1, .dead_column = -1};

static void add(int *sensels, int *count, int sensel) {
    if (*count == FAULTS_MAX || sensel < 0 || sensel >= front_sensels()) fail("no such --fault", NULL);
    sensels[(*count)++] = sensel;
}

static void read_fault(const char *text) {
    int n;
    if (sscanf(text, "open:%d", &n) == 1) {
        add(faults.open, &faults.open_count, n);
    } else if (sscanf(text, "short:%d", &n) == 1) {
        add(faults.shorted, &faults.shorted_count, n);
    } else if (sscanf(text, "ground:%d", &n) == 1) {
        add(faults.grounded, &faults.grounded_count, n);
    } else if (sscanf(text, "column:%d", &n) == 1) {
        faults.dead_column = n;
    } else if (sscanf(text, "stuck:%d.%d=%d", &faults.stuck_mux, &faults.stuck_bit,
                      &faults.stuck_level) != 3) {
        fail("no such --fault", text);
    }
}

static void read_poke(const char *text) {
    unsigned value;
    if (sscanf(text, "%x=%x@%lf", &chosen.board.poke_address, &value, &chosen.board.poke_at_s) != 3) {
        fail("--poke needs ADDRESS=VALUE@TIME", text);
    }
    chosen.board.poke_value = (uint8_t)value;
}

static void read_option(int option) {
    switch (option) {
        case 'e': chosen.board.elf_path = optarg; break;
        case 'o': chosen.host.out_path = optarg; break;
        case 's': chosen.seconds = atof(optarg); break;
        case 'S': prepare_send(optarg); break;
        case 'p': chosen.host.mode = HOST_PTY_PAUSE; break;
        case 'd': chosen.host.mode = HOST_PTY_DROP; break;
        case 'l': chosen.host.link_path = optarg; break;
        case 'r': chosen.realtime = true; break;
        case 'm': chosen.host.match_baud = true; break;
        case 'n': chosen.reset_on_open = false; break;
        case 'L': chosen.loads_path = optarg; break;
        case 'f': chosen.board.loads_from_scan = true; break;
        case 'v': chosen.board.supply_v = atof(optarg); break;
        case 'E': chosen.board.eeprom_path = optarg; break;
        case 'F': read_fault(optarg); break;
        case 'H': chosen.board.adc_hangs_at_s = atof(optarg); break;
        case 'k': read_poke(optarg); break;
        case 'w': chosen.owner = (pid_t)atol(optarg); break;
        case 'g': chosen.log_path = optarg; break;
        case 'h': usage(stdout); exit(0);
        default: usage(stderr); exit(2);
    }
}

static void read_options(int argc, char **argv) {
    static const struct option names[] = {
        {"elf", 1, 0, 'e'},        {"out", 1, 0, 'o'},       {"seconds", 1, 0, 's'},
        {"send", 1, 0, 'S'},       {"pause", 0, 0, 'p'},     {"drop", 0, 0, 'd'},
        {"pty-link", 1, 0, 'l'},   {"realtime", 0, 0, 'r'},  {"match-baud", 0, 0, 'm'},
        {"no-reset", 0, 0, 'n'},   {"loads", 1, 0, 'L'},     {"loads-from-scan", 0, 0, 'f'},
        {"supply", 1, 0, 'v'},     {"eeprom", 1, 0, 'E'},    {"log", 1, 0, 'g'},
        {"fault", 1, 0, 'F'},      {"adc-hangs", 1, 0, 'H'}, {"poke", 1, 0, 'k'},
        {"owner", 1, 0, 'w'},      {"help", 0, 0, 'h'},      {0, 0, 0, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", names, NULL)) != -1) read_option(option);
    const bool to_file = chosen.host.out_path != NULL;
    if (!chosen.board.elf_path || to_file != (chosen.host.mode == HOST_FILE)) {
        usage(stderr);
        exit(2);
    }
    if (to_file && chosen.seconds < 0) fail("--out needs --seconds", NULL);
}

static double wall_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Waits until the wall has caught up; gives up what cannot be caught up.
static void keep_pace(double time_s) {
    static double wall_minus_simulated;
    static bool begun;
    const double ahead_s = time_s + wall_minus_simulated - wall_s();
    if (!begun || ahead_s < -MAX_LAG_S) {
        begun = true;
        wall_minus_simulated = wall_s() - time_s;
    } else if (ahead_s > 0.001) {
        usleep((useconds_t)(ahead_s * 1e6));
    }
}

// The line to the host. False while simulated time must stand still.
static bool serve_host(void) {
    static bool ever_open;
    const bool room = host_poll(board_time_s());
    const bool opened = host_was_opened();
    if (opened && ever_open && chosen.reset_on_open) board_reset_pressed();
    ever_open = ever_open || opened;
    if (!host_is_open() && chosen.reset_on_open) return false;  // it begins anew when it is opened
    return room || chosen.host.mode != HOST_PTY_PAUSE;
}

static void on_signal(int number) {
    (void)number;
    stop_asked = 1;
}

// The owner gives its own number: it may have ended before this program could ask for its parent.
static bool is_orphan(void) {
    return chosen.owner != 0 && getppid() != chosen.owner;
}

static bool run(void) {
    while (!stop_asked && !is_orphan() && (chosen.seconds < 0 || board_time_s() < chosen.seconds)) {
        if (!serve_host()) {
            usleep(WAIT_US);
            continue;
        }
        if (!board_run_until(board_time_s() + SLICE_S)) return false;
        if (chosen.realtime) keep_pace(board_time_s());
    }
    host_poll(board_time_s());
    return true;
}

static void report(double began_s) {
    const struct board_counters counters = board_counters();
    printf("simulated_s %.6f\nwall_s %.3f\nconversions %llu\nbytes_lost %llu\nreceived_bytes_lost %llu\n",
           board_time_s(), wall_s() - began_s, (unsigned long long)counters.conversions,
           (unsigned long long)host_bytes_lost(), (unsigned long long)counters.received_bytes_lost);
}

int main(int argc, char **argv) {
    struct loads loads = {0};
    const char *why = NULL;
    read_options(argc, argv);
    if (chosen.loads_path &&
        !loads_read(&loads, chosen.loads_path, (uint32_t)front_sensels(), &why)) {
        fail(why, chosen.loads_path);
    }
    if (chosen.log_path && !(chosen.board.log = fopen(chosen.log_path, "w"))) {
        fail("cannot write the log", chosen.log_path);
    }
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    chosen.board.faults = &faults;
    if (!board_begin(&chosen.board, &loads)) fail("cannot load the image", chosen.board.elf_path);
    if (!host_open(&chosen.host)) fail("cannot open the host's end of the line", NULL);
    const double began_s = wall_s();
    const bool good = run();
    report(began_s);
    host_close();
    board_end();
    if (chosen.board.log) fclose(chosen.board.log);
    if (!good) fail("the firmware crashed or stopped", NULL);
    return 0;
}
