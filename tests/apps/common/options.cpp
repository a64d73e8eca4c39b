#include "options.hpp"

#include "classic.hpp"

#include <cstdlib>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <sstream>

namespace {
[[noreturn]] void exitWithUsage(const std::string& reason) {
    std::cerr << reason
              << "\noptions: --name --service --instance --event TEXT; --count --size --source --pace-us --queue "
              << "--report --show NUMBER; --first --trace --poll-us NUMBER; --expect NUMBER,...; --block --handshake "
                 "--until-complete --lossy --recorded"
              << std::endl;
    std::exit(2);
}

template <typename Number> Number number(const std::string& text) {
    std::size_t end{0};
    unsigned long long value{0};
    try {
        value = std::stoull(text, &end);
    } catch (const std::exception&) {
        exitWithUsage("not a number: " + text);
    }
    if (end != text.size() || value > static_cast<unsigned long long>(std::numeric_limits<Number>::max())) {
        exitWithUsage("not a number in range: " + text);
    }
    return static_cast<Number>(value);
}

std::vector<uint16_t> numbers(const std::string& list) {
    std::vector<uint16_t> result;
    std::istringstream stream{list};
    for (std::string item; std::getline(stream, item, ',');) {
        result.push_back(number<uint16_t>(item));
    }
    return result;
}

} // namespace

Options parseOptions(const int argc, char** const argv, Options defaults) {
    Options& o = defaults;
    const std::map<std::string, bool*> flags{{"--block", &o.block},
                                             {"--handshake", &o.handshake},
                                             {"--until-complete", &o.untilComplete},
                                             {"--lossy", &o.lossy},
                                             {"--recorded", &o.recorded}};
    const std::map<std::string, std::function<void(const std::string&)>> values{
        {"--name", [&](auto& v) { o.name = v; }},
        {"--service", [&](auto& v) { o.service = v; }},
        {"--instance", [&](auto& v) { o.instance = v; }},
        {"--event", [&](auto& v) { o.event = v; }},
        {"--count", [&](auto& v) { o.count = number<uint64_t>(v); }},
        {"--first", [&](auto& v) { o.first = number<uint64_t>(v); }},
        {"--trace", [&](auto& v) { o.trace = number<uint64_t>(v); }},
        {"--poll-us", [&](auto& v) { o.poll = std::chrono::microseconds{number<uint32_t>(v)}; }},
        {"--size", [&](auto& v) { o.size = number<uint32_t>(v); }},
        {"--source", [&](auto& v) { o.source = number<uint16_t>(v); }},
        {"--expect", [&](auto& v) { o.expect = numbers(v); }},
        {"--pace-us", [&](auto& v) { o.pace = std::chrono::microseconds{number<uint32_t>(v)}; }},
        {"--queue", [&](auto& v) { o.queue = number<uint64_t>(v); }},
        {"--report", [&](auto& v) { o.report = number<uint64_t>(v); }},
        {"--show", [&](auto& v) { o.show = number<uint64_t>(v); }}};

    for (int i = 1; i < argc; ++i) {
        const std::string argument{argv[i]};
        if (const auto flag = flags.find(argument); flag != flags.end()) {
            *flag->second = true;
        } else if (const auto value = values.find(argument); value != values.end() && i + 1 < argc) {
            value->second(argv[++i]);
        } else {
            exitWithUsage("unknown or incomplete option: " + argument);
        }
    }
    return defaults;
}

iox::capro::ServiceDescription Options::description() const noexcept {
    using Id = iox::capro::IdString_t;
    return {classic::fixed<Id>(service), classic::fixed<Id>(instance), classic::fixed<Id>(event)};
}

iox::popo::PublisherOptions Options::publisher() const noexcept {
    iox::popo::PublisherOptions options;
    options.subscriberTooSlowPolicy = block ? iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER
                                            : iox::popo::ConsumerTooSlowPolicy::DISCARD_OLDEST_DATA;
    return options;
}

iox::popo::SubscriberOptions Options::subscriber() const noexcept {
    iox::popo::SubscriberOptions options;
    options.queueCapacity = queue;
    options.queueFullPolicy =
        block ? iox::popo::QueueFullPolicy::BLOCK_PRODUCER : iox::popo::QueueFullPolicy::DISCARD_OLDEST_DATA;
    return options;
}
