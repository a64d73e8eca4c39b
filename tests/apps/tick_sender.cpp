// Sends ticks to a Rust application in one of the ways that are in use: as JSON lines through a named pipe, as
// MessagePack through a Unix domain socket, or as structs on classic, where a bridge takes them. For benchmarks.
//
// Arguments: "pipe", "socket" or "classic", and its path, or the event of Bench/Main. Each line of standard input is an
// order: how many ticks, and the microseconds between two (0: none). The answer to each says when the first was sent.
// A tick's time stamp is that of the moment before it is written down; its volume is its number, from 0 for each order.
#include "classic.hpp"
#include "tick_document.hpp"
#include "topics.hpp"

#include "iceoryx_posh/popo/publisher.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"

#include <msgpack.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

namespace {
using Clock = std::chrono::steady_clock;
using Send = std::function<void(const MarketTick&)>;

[[noreturn]] void fail(const std::string& what) {
    std::cerr << what << ": " << std::strerror(errno) << std::endl;
    std::exit(EXIT_FAILURE);
}

uint64_t nanoseconds(const Clock::time_point time) {
    return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

/// All of it; both ways may take a part only.
void writeAll(const int file, const char* bytes, std::size_t size) {
    while (size > 0U) {
        const auto written = ::write(file, bytes, size);
        if (written < 0) {
            fail("write");
        }
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
}

Send throughPipe(const std::string& path) {
    // Waits for whoever reads.
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        fail(path);
    }
    return [file](const MarketTick& tick) {
        char line[256];
        const int size = std::snprintf(
            line, sizeof(line), "{\"symbol\":\"%.16s\",\"price\":%.17g,\"volume\":%.17g,\"timestamp\":%llu}\n",
            tick.symbol, tick.price, tick.volume, static_cast<unsigned long long>(tick.timestamp));
        writeAll(file, line, static_cast<std::size_t>(size));
    };
}

Send throughSocket(const std::string& path) {
    const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1U);
    if (file < 0 || ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        fail(path);
    }
    return [file](const MarketTick& tick) {
        TickDocument document;
        document.symbol.assign(tick.symbol, ::strnlen(tick.symbol, sizeof(tick.symbol)));
        document.price = tick.price;
        document.volume = tick.volume;
        document.timestamp = tick.timestamp;
        msgpack::sbuffer buffer;
        msgpack::pack(buffer, document);
        writeAll(file, buffer.data(), buffer.size());
    };
}

Send throughClassic(const std::string& event) {
    iox::runtime::PoshRuntime::initRuntime("bench-tick-sender");
    iox::popo::PublisherOptions options;
    options.subscriberTooSlowPolicy = iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
    const iox::capro::ServiceDescription service{"Bench", "Main", classic::fixed<iox::capro::IdString_t>(event)};
    // The function must be one that can be copied.
    const auto publisher = std::make_shared<iox::popo::Publisher<MarketTick>>(service, options);
    while (!publisher->hasSubscribers()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return [publisher](const MarketTick& tick) {
        publisher->loan()
            .and_then([&](auto& sample) {
                *sample = tick;
                sample.publish();
            })
            .or_else([](const auto) { fail("no chunk"); });
    };
}

Send through(const std::string& way, const std::string& place) {
    if (way == "pipe") {
        return throughPipe(place);
    }
    return way == "socket" ? throughSocket(place) : throughClassic(place);
}
} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "arguments: pipe|socket PATH, or classic EVENT" << std::endl;
        return 2;
    }
    MarketTick tick{};
    std::strncpy(tick.symbol, "600519.SH", sizeof(tick.symbol));
    tick.price = 1688.88;
    Send send;
    uint64_t count{0};
    uint64_t pause{0};
    while (std::cin >> count >> pause) {
        if (!send) {
            send = through(argv[1], argv[2]);
        }
        auto due = Clock::now();
        const auto start = due;
        for (uint64_t number = 0; number < count; ++number) {
            tick.volume = static_cast<double>(number);
            tick.timestamp = nanoseconds(Clock::now());
            send(tick);
            if (pause > 0U) {
                due += std::chrono::microseconds(pause);
                std::this_thread::sleep_until(due);
            }
        }
        std::cout << "sent since " << nanoseconds(start) << std::endl;
    }
    return EXIT_SUCCESS;
}
