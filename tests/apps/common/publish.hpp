// The life of a publisher: shake hands or wait for a subscriber, send what was asked for, stay until told to go.
// One thread.
#pragma once

#include "classic.hpp"
#include "options.hpp"
#include "sample_id.hpp"

#include "iceoryx_posh/popo/publisher.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <thread>

inline void initRuntime(const Options& options) {
    // The first call installs the handlers: from here on, being told to end is an orderly end.
    classic::hasTerminationRequested();
    iox::runtime::PoshRuntime::initRuntime(classic::fixed<iox::RuntimeName_t>(options.name));
}

/// True if a line, or the end of the input, waits on standard input.
inline bool isToldToGo() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&input, 1, 0) > 0;
}

/// `publisher` is a typed or untyped publisher; `send(id)` loans, fills and publishes one sample and says if it could.
template <typename Publisher, typename Send>
int runPublisher(const Options& options, const Publisher& publisher, const Send& send) {
    const auto shallEnd = [] { return classic::hasTerminationRequested(); };
    // A publisher that waits for consumers has every chunk back in a moment; the others lose a sample instead.
    const auto sendFor = [&](const SampleId id) {
        while (!send(id) && !shallEnd()) {
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
    };

    std::cout << "started" << std::endl;
    while (!shallEnd() && (options.handshake ? !isToldToGo() : !publisher.hasSubscribers())) {
        if (options.handshake) {
            sendFor({options.source, SampleId::PROBE});
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    auto due = std::chrono::steady_clock::now();
    uint64_t sent{0};
    uint64_t unheard{0};
    while (!shallEnd() && (options.count == 0 || sent < options.count)) {
        unheard += publisher.hasSubscribers() ? 0U : 1U;
        sendFor({options.source, options.first + sent});
        ++sent;
        if (options.report != 0 && sent % options.report == 0) {
            std::cout << "sent " << sent << std::endl;
        }
        if (options.pace.count() != 0) {
            due += options.pace;
            std::this_thread::sleep_until(due);
        }
    }
    std::cout << "unheard " << unheard << std::endl;
    std::cout << "done sent=" << sent << std::endl;
    if (!options.untilComplete) {
        classic::waitForTerminationRequest();
    }
    return options.count == 0 || sent == options.count ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// A publisher of a topic: a struct with `static Topic of(SampleId)`.
template <typename Topic> int publishTopic(const Options& options) {
    initRuntime(options);
    iox::popo::Publisher<Topic> publisher{options.description(), options.publisher()};
    return runPublisher(options, publisher, [&](const SampleId id) {
        bool done{false};
        publisher.loan().and_then([&](auto& sample) {
            *sample = Topic::of(id);
            sample.publish();
            done = true;
        });
        return done;
    });
}
