// SPDX-License-Identifier: GPL-3.0-or-later
// The board's packet writer on a PC: lines "HEAD_HEX TAIL_HEX" in, the ring's bytes in hex out.
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "packet_writer.h"

static void poll_nothing() {}

static void take_from_ring() {
    while (packet_ring_tail != packet_ring_head) std::printf("%02x", packet_ring[packet_ring_tail++]);
}

#if PACKET_IS_LONG
void stream_wait();
// A line that takes a byte now and then.
void stream_wait() {
    static unsigned waits;
    if (++waits % 3 == 0 && packet_ring_tail != packet_ring_head) {
        std::printf("%02x", packet_ring[packet_ring_tail++]);
    }
}
#endif

static std::vector<uint8_t> bytes_of(const std::string &hex) {
    std::vector<uint8_t> bytes;
    if (hex == "-") return bytes;
    for (std::size_t n = 0; n + 1 < hex.size(); n += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(n, 2), nullptr, 16)));
    }
    return bytes;
}

int main() {
    std::string head_hex, tail_hex;
    while (std::cin >> head_hex >> tail_hex) {
        const std::vector<uint8_t> head = bytes_of(head_hex);
        const std::vector<uint8_t> tail = bytes_of(tail_hex);
        packet_begin(head.data(), static_cast<packet_size_t>(head.size()), tail.data(),
                     static_cast<packet_size_t>(tail.size()));
        uint8_t step = 0;
        while (packet_is_busy()) packet_steps<poll_nothing>(static_cast<uint8_t>(1 + step++ % 5));
        take_from_ring();
        std::printf("\n");
    }
    return 0;
}
