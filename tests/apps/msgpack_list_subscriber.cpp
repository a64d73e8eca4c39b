// Subscribes to lists of quotes as MessagePack.
#include "documents.hpp"
#include "ticks.hpp"

#include <string>
#include <vector>

namespace {
struct Quote {
    static constexpr uint32_t ENTRIES{6};

    int64_t timestamp_ns{0};
    double last{0.0};
    double bid{0.0};
    double ask{0.0};
    uint64_t volume{0};
    std::string symbol;
    MSGPACK_DEFINE_MAP(timestamp_ns, last, bid, ask, volume, symbol)

    bool is(const SampleId id, const TickNumber& number) const {
        return timestamp_ns == static_cast<int64_t>(id.encoded()) && last == number.price() && bid == number.bid() &&
               ask == number.ask() && volume == number.volume() && symbol == number.symbol().data();
    }
};

bool areQuotesOf(const SampleId id, const std::vector<Quote>& quotes) {
    bool right = quotes.size() == ticksIn(id);
    for (std::size_t index = 0; right && index < quotes.size(); ++index) {
        right = quotes[index].is(id, {id, index});
    }
    return right;
}
} // namespace

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-msgpack-list-subscriber";
    defaults.service = "Quant";
    defaults.instance = "ticks";
    defaults.event = "List";
    const Options options = parseOptions(argc, argv, defaults);
    Place place{options.expect.front()};
    return subscribeDocuments(options, [&](Ledger& ledger, const msgpack::object& document) {
        std::vector<Quote> quotes;
        for (const auto& entry : document.as<std::vector<msgpack::object>>()) {
            assertEntries(entry, Quote::ENTRIES);
            quotes.push_back(entry.as<Quote>());
        }
        const auto first = quotes.empty() ? 0U : static_cast<uint64_t>(quotes.front().timestamp_ns);
        const SampleId id = place.of(quotes.empty() ? nullptr : &first);
        ledger.record(id, areQuotesOf(id, quotes));
    });
}
