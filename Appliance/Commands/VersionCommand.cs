using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Appliance.Commands;

/// <summary>`appliance version`.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var format = CommonOptions.Format();
        var command = new Command("version", "Print the version of this program.") { format };
        command.SetAction(parsed =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
            Console.WriteLine(parsed.GetValue(format) == OutputFormat.Json
                ? $$"""{"version":"{{version}}","runtime":"{{RuntimeInformation.FrameworkDescription}}","platform":"{{RuntimeInformation.RuntimeIdentifier}}"}"""
                : $"appliance {version}, {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}");
            return CommandLine.Done;
        });
        return command;
    }
}
