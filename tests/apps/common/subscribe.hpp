// The life of a subscriber: take and check until told to go, or until all is there; then say how it went. One thread.
#pragma once

#include "classic.hpp"
#include "ledger.hpp"
#include "options.hpp"
#include "publish.hpp"
#include "sample_id.hpp"

#include "iceoryx_posh/popo/subscriber.hpp"

#include <cstdlib>
#include <iostream>
#include <thread>

/// `take(ledger)` takes and records one sample and says if there was one.
template <typename Take> int runSubscriber(const Options& options, const Take& take) {
    constexpr int POLLS_BEFORE_SLEEP{100};

    Ledger ledger{options.expect, options.count, options.trace};
    std::cout << "started" << std::endl;
    bool complete{false};
    int idle{0};
    while (true) {
        if (take(ledger)) {
            idle = 0;
            if (options.report != 0 && ledger.received() % options.report == 0) {
                std::cout << "received " << ledger.received() << std::endl;
            }
            if (ledger.hasJustCompleted()) {
                complete = true;
                std::cout << "complete received=" << ledger.received() << std::endl;
            }
        } else if (classic::hasTerminationRequested() || (complete && options.untilComplete)) {
            break;
        } else if (++idle < POLLS_BEFORE_SLEEP) {
            std::this_thread::yield();
        } else {
            std::this_thread::sleep_for(options.poll);
        }
    }
    return ledger.close(options.lossy) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// A subscriber of a topic: a struct with `SampleId id() const` and `bool isIntact() const`.
template <typename Topic> int subscribeTopic(const Options& options) {
    initRuntime(options);
    iox::popo::Subscriber<Topic> subscriber{options.description(), options.subscriber()};
    return runSubscriber(options, [&](Ledger& ledger) {
        auto sample = subscriber.take();
        if (sample.has_error()) {
            return false;
        }
        const Topic& topic = **sample;
        ledger.record(topic.id(), topic.isIntact());
        ledger.show(options.show, topic);
        return true;
    });
}
