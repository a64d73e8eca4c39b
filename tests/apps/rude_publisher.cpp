// A publisher that does not keep to what it offers: on the service of MarketTick, every second sample is a chunk of
// --size bytes, whatever that is. The others are right.
#include "publish.hpp"
#include "topics.hpp"

#include "iceoryx_posh/popo/untyped_publisher.hpp"

#include <cstring>

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-rude-publisher";
    defaults.service = "Market";
    defaults.instance = "Shanghai";
    defaults.event = "Tick";
    const Options options = parseOptions(argc, argv, defaults);

    initRuntime(options);
    iox::popo::UntypedPublisher publisher{options.description(), options.publisher()};
    const auto sendChunk = [&](const void* const bytes, const std::size_t filled, const uint32_t size) {
        bool done{false};
        publisher.loan(size).and_then([&](void* chunk) {
            std::memset(chunk, 0xee, size);
            std::memcpy(chunk, bytes, filled < size ? filled : size);
            publisher.publish(chunk);
            done = true;
        });
        return done;
    };
    return runPublisher(options, publisher, [&](const SampleId id) {
        const MarketTick tick = MarketTick::of(id);
        const bool rude = id.isProbe() || sendChunk(&tick, sizeof(tick), options.size);
        return rude && sendChunk(&tick, sizeof(tick), sizeof(tick));
    });
}
