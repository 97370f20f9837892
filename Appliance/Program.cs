using System.CommandLine;
using Appliance.Commands;

var root = new RootCommand("An IoT security gateway: routes, watches, detects, blocks, and tells people.")
{
    RunCommand.Create(),
    AnalyzeCommand.Create(),
    RecordCommand.Create(),
    EvaluateCommand.Create(),
    TrainCommand.Create(),
    DevicesCommand.Create(),
    RulesCommand.Create(),
    BlocksCommand.Create(),
    ModelsCommand.Create(),
    SlotsCommand.Create(),
    FlashCommand.Create(),
    UpdateCommand.Create(),
    BoardCommand.Create(),
    ImageCommand.Create(),
    PkiCommand.Create(),
    AccountsCommand.Create(),
    ConfigCommand.Create(),
    AuditCommand.Create(),
    VersionCommand.Create(),
};

return await CommandLine.RunAsync(root, args);
