// Subscribes to MarketBlock with ticks, as the trading system does.
#include "subscribe.hpp"
#include "tick_block.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-tick-block-subscriber";
    defaults.service = "QAULTRA";
    defaults.instance = "market_data";
    defaults.event = "Block";
    const Options options = parseOptions(argc, argv, defaults);

    initRuntime(options);
    Place place{options.expect.front()};
    iox::popo::Subscriber<TickBlock> subscriber{options.description(), options.subscriber()};
    return runSubscriber(options, [&](Ledger& ledger) {
        auto sample = subscriber.take();
        if (sample.has_error()) {
            return false;
        }
        const TickBlock& block = **sample;
        const SampleId id = block.id(place);
        ledger.record(id, block.isIntact(id, options.recorded));
        return true;
    });
}
