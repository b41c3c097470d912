// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

unsigned host_baud_of(int master);

#define PENDING_BYTES 65536
#define PREPARED_MAX 256
#define SENT_TOGETHER 4096  // how many of the board's bytes may wait for one write

struct prepared {
    double time_s;
    const uint8_t *bytes;
    size_t count;
};

static struct host_options options;
static int master = -1;
static FILE *out_file;
static uint8_t to_host[SENT_TOGETHER];
static size_t to_host_count;
static uint8_t to_board[PENDING_BYTES];
static size_t to_board_count, to_board_at;
static struct prepared prepared[PREPARED_MAX];
static size_t prepared_count;
static uint64_t bytes_lost;
static unsigned host_baud;
static bool is_open, was_opened;
static int watch = -1;
static int users;

// Nonsense as a receiver at the wrong baud sees it: never the byte that was sent.
static uint8_t nonsense(uint8_t byte) { return (uint8_t)(byte * 37u + 101u) | 0x81; }

static bool baud_differs(unsigned board_baud) {
    return options.match_baud && options.mode != HOST_FILE && host_baud != board_baud;
}

static bool open_pty(void) {
    struct termios settings;
    master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return false;
    const char *name = ptsname(master);
    const int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || tcgetattr(slave, &settings) != 0) return false;
    cfmakeraw(&settings);
    tcsetattr(slave, TCSANOW, &settings);
    close(slave);  // from now on the pty reports a hang-up while nobody has it open
    fcntl(master, F_SETFL, O_NONBLOCK);
    watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch < 0 || inotify_add_watch(watch, name, IN_OPEN | IN_CLOSE) < 0) return false;
    if (options.link_path) {
        unlink(options.link_path);
        if (symlink(name, options.link_path) != 0) return false;
    }
    printf("pty %s\n", name);
    fflush(stdout);
    return true;
}

bool host_open(const struct host_options *chosen) {
    options = *chosen;
    if (options.mode != HOST_FILE) return open_pty();
    is_open = true;
    out_file = fopen(options.out_path, "wb");
    return out_file != NULL;
}

void host_close(void) {
    // what the board has sent is the host's to read, even if we end now
    for (int tries = 0; master >= 0 && to_host_count && host_is_open() && tries < 200; tries++) {
        host_poll(0);
        usleep(1000);
    }
    if (out_file) {
        fwrite(to_host, 1, to_host_count, out_file);
        fclose(out_file);
    }
    if (options.link_path) unlink(options.link_path);
    if (master >= 0) close(master);
}

bool host_is_open(void) { return is_open; }

bool host_was_opened(void) {
    const bool opened = was_opened;
    was_opened = false;
    return opened;
}

// A port that is closed and opened again between two looks would seem open all the time to poll().
static void count_users(void) {
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t got;
    while ((got = read(watch, events, sizeof events)) > 0) {
        for (char *at = events; at < events + got;) {
            const struct inotify_event *event = (const struct inotify_event *)at;
            if (event->mask & IN_OPEN) was_opened = users++ == 0 || was_opened;
            if (event->mask & IN_CLOSE) users--;
            at += sizeof *event + event->len;
        }
    }
}

uint64_t host_bytes_lost(void) { return bytes_lost; }

void host_prepare(const uint8_t *bytes, size_t count, double time_s) {
    if (prepared_count == PREPARED_MAX) {
        fprintf(stderr, "simulator: more than %d --send\n", PREPARED_MAX);
        exit(2);
    }
    prepared[prepared_count++] = (struct prepared){time_s, bytes, count};
}

void host_take(uint8_t byte, unsigned board_baud) {
    if (!is_open) return;
    if (to_host_count == sizeof to_host) {
        bytes_lost++;
        return;
    }
    to_host[to_host_count++] = baud_differs(board_baud) ? nonsense(byte) : byte;
}

bool host_give(uint8_t *byte, unsigned board_baud) {
    if (to_board_at == to_board_count) return false;
    *byte = to_board[to_board_at++];
    if (baud_differs(board_baud)) *byte = nonsense(*byte);
    return true;
}

static void queue_for_board(const uint8_t *bytes, size_t count) {
    if (to_board_at == to_board_count) to_board_at = to_board_count = 0;
    if (count > sizeof to_board - to_board_count) count = sizeof to_board - to_board_count;
    memcpy(to_board + to_board_count, bytes, count);
    to_board_count += count;
}

static bool poll_file(double time_s) {
    fwrite(to_host, 1, to_host_count, out_file);
    to_host_count = 0;
    for (size_t n = 0; n < prepared_count; n++) {
        if (prepared[n].count && time_s >= prepared[n].time_s) {
            queue_for_board(prepared[n].bytes, prepared[n].count);
            prepared[n].count = 0;
        }
    }
    return true;
}

static void write_pty(void) {
    const ssize_t sent = write(master, to_host, to_host_count);
    if (sent > 0) {
        to_host_count -= (size_t)sent;
        memmove(to_host, to_host + sent, to_host_count);
    }
    if (to_host_count && options.mode == HOST_PTY_DROP) {
        bytes_lost += to_host_count;
        to_host_count = 0;
    }
}

static void read_pty(void) {
    uint8_t bytes[4096];
    const size_t room = to_board_at == to_board_count ? sizeof to_board : sizeof to_board - to_board_count;
    if (room < sizeof bytes) return;
    const ssize_t got = read(master, bytes, sizeof bytes);
    if (got > 0) queue_for_board(bytes, (size_t)got);
}

bool host_poll(double time_s) {
    if (options.mode == HOST_FILE) return poll_file(time_s);
    struct pollfd state = {master, POLLIN, 0};
    count_users();
    poll(&state, 1, 0);
    is_open = !(state.revents & POLLHUP);
    if (!is_open) {
        to_host_count = to_board_count = to_board_at = 0;
        return true;
    }
    host_baud = host_baud_of(master);
    if (state.revents & POLLIN) read_pty();
    if (to_host_count) write_pty();
    return to_host_count == 0;
}
