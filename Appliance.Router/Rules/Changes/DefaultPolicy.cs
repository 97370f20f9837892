using System.Reflection;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>What is in force, and what the candidate begins with, where nothing was ever applied.</summary>
internal sealed record DefaultPolicy(string Name, FirewallPolicy Policy)
{
    /// <summary>Decides nothing: the firewall blocks, and all else passes.</summary>
    public const string Open = "open";
    public const string RouterOnAStick = "router-on-a-stick";
    public const string TwoPorts = "two-ports";

    /// <summary>One of the policies that the program brings along.</summary>
    public static DefaultPolicy Named(string name) => new(name, name == Open ? FirewallPolicy.Open : PolicyWire.FromFile(ReadText(name)));

    private static string ReadText(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"policies.{name}.json")
            ?? throw new ArgumentException($"No default policy is called '{name}'; there are {Open}, {RouterOnAStick} and {TwoPorts}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
