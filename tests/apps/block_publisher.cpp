// Publishes MarketBlock, as the trading system does.
#include "publish.hpp"
#include "topics.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-block-publisher";
    defaults.service = "QAULTRA";
    defaults.instance = "market_stream";
    defaults.event = "Data";
    return publishTopic<MarketBlock>(parseOptions(argc, argv, defaults));
}
