// The one binary. Parses the command line and calls one function per subcommand.
#include "cli/cli.hpp"

int main(int argc, char** argv) { return bms::cli::main(argc, argv); }
