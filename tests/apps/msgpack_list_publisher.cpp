// Publishes lists of trades as MessagePack. It knows the last price of each, and neither bid nor ask.
#include "documents.hpp"
#include "ticks.hpp"

#include <string>
#include <vector>

namespace {
struct Trade {
    uint64_t timestamp_ns{0};
    std::string symbol;
    uint64_t volume{0};
    double last{0.0};
    MSGPACK_DEFINE_MAP(timestamp_ns, symbol, volume, last)
};

std::vector<Trade> trades(const SampleId id) {
    std::vector<Trade> list;
    for (uint64_t index = 0; index < ticksIn(id); ++index) {
        const TickNumber number{id, index};
        list.push_back({id.encoded(), number.symbol().data(), number.volume(), number.price()});
    }
    return list;
}
} // namespace

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-msgpack-list-publisher";
    defaults.service = "Quant";
    defaults.instance = "ticks";
    defaults.event = "Recorded";
    return publishDocuments(parseOptions(argc, argv, defaults), trades);
}
