using System.CommandLine;
using Appliance.Hosting.Configuration;

namespace Appliance.Commands;

/// <summary>`appliance config check FILE`.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Configuration file, with the sections of any roles." };
        var check = new Command("check", "Check a configuration file and tell every fault at once.") { file };
        check.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path))
            {
                throw new CommandFailedException($"{path} is not there; name a configuration file.");
            }

            using var configuration = new ConfigurationManager();
            configuration.UseOnly(path);
            new ConfigurationCheck(configuration, RoleHost.Sections).Validate();
            Console.WriteLine($"{path} is in order.");
            return CommandLine.Done;
        });
        return new Command("config", "Work on configuration files.") { check };
    }
}
