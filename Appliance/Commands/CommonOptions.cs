using System.CommandLine;

namespace Appliance.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<OutputFormat> Format() => new("--format")
    {
        Description = "How to print the result: 'table' for people, 'json' for programs.",
        DefaultValueFactory = _ => OutputFormat.Table,
    };
}
