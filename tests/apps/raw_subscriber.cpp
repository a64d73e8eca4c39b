// Subscribes to untyped chunks of one size and compares every byte.
#include "pattern.hpp"
#include "subscribe.hpp"

#include "iceoryx_posh/mepoo/chunk_header.hpp"
#include "iceoryx_posh/popo/untyped_subscriber.hpp"

#include <cstring>

namespace {
void record(Ledger& ledger, const Pattern& pattern, const Options& options, const void* const chunk) {
    uint64_t encoded{0};
    const auto size = iox::mepoo::ChunkHeader::fromUserPayload(chunk)->userPayloadSize();
    if (size != options.size || size < sizeof(encoded)) {
        ledger.record({}, false);
        return;
    }
    std::memcpy(&encoded, chunk, sizeof(encoded));
    const SampleId id = SampleId::decoded(encoded);
    const auto* const content = static_cast<const char*>(chunk) + sizeof(encoded);
    ledger.record(id, pattern.matches(content, size - sizeof(encoded), id));
}
} // namespace

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-raw-subscriber";
    defaults.service = "Raw";
    defaults.instance = "Main";
    defaults.event = "Bytes";
    const Options options = parseOptions(argc, argv, defaults);

    initRuntime(options);
    const Pattern pattern{options.size};
    iox::popo::UntypedSubscriber subscriber{options.description(), options.subscriber()};
    return runSubscriber(options, [&](Ledger& ledger) {
        bool done{false};
        subscriber.take().and_then([&](const void* chunk) {
            record(ledger, pattern, options, chunk);
            subscriber.release(chunk);
            done = true;
        });
        return done;
    });
}
