// The command line that all these applications share.
#pragma once

#include "iceoryx_posh/capro/service_description.hpp"
#include "iceoryx_posh/popo/publisher_options.hpp"
#include "iceoryx_posh/popo/subscriber_options.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

struct Options {
    /// Of the process, towards RouDi.
    std::string name;
    std::string service;
    std::string instance;
    std::string event;
    /// Samples to send, or to expect of each source; 0: no end.
    uint64_t count{0};
    /// Number of the first sample, for a publisher that goes on where another one ended.
    uint64_t first{0};
    /// Bytes of a payload whose size is free.
    uint32_t size{64};
    /// Stamped on what this publisher sends.
    uint16_t source{1};
    /// Whose samples a subscriber expects.
    std::vector<uint16_t> expect{1};
    /// Between two samples.
    std::chrono::microseconds pace{0};
    uint64_t queue{256};
    /// Samples between two lines of output; 0: none.
    uint64_t report{0};
    /// Samples between two that a subscriber prints; 0: none.
    uint64_t show{0};
    /// Samples between two lines in which a subscriber says where it is; it says every gap as well. 0: none of this.
    uint64_t trace{0};
    /// A subscriber sleeps so long when there was nothing for a while.
    std::chrono::microseconds poll{50};
    /// Wait for room (publisher), ask the publisher to wait (subscriber).
    bool block{false};
    /// Send probes until a line comes on standard input.
    bool handshake{false};
    /// End when all is sent or received, rather than when told to.
    bool untilComplete{false};
    /// A subscriber is content with gaps.
    bool lossy{false};
    /// Blocks that a subscriber expects were made of lists, which say nothing but the records.
    bool recorded{false};

    iox::capro::ServiceDescription description() const noexcept;
    iox::popo::PublisherOptions publisher() const noexcept;
    iox::popo::SubscriberOptions subscriber() const noexcept;
};

/// Reads the command line over `defaults`; prints the usage and exits with 2 where it cannot.
Options parseOptions(int argc, char** argv, Options defaults);
