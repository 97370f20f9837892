namespace Appliance.Bmc.Slots;

/// <summary>What a slot's console has shown of the system in it.</summary>
internal sealed record ConsoleSigns
{
    private const int LongestQuote = 160;

    private static readonly string[] Boots = ["U-Boot SPL", "U-Boot 20", "Starting kernel", "Booting Linux on", "Linux version "];
    private static readonly string[] Failures = ["Kernel panic - not syncing", "You are in emergency mode", "You are in rescue mode", "Unable to mount root fs"];
    private static readonly string[] Ends = ["reboot: Power down", "reboot: System halted"];

    private static readonly (string Text, string Module)[] Modules =
        [("Raspberry Pi Compute Module 4", "cm4"), ("Turing RK1", "rk1"), ("NVIDIA Jetson", "jetson"), ("NVIDIA Orin", "jetson")];

    /// <summary>When it printed last; null while nothing new came.</summary>
    public DateTimeOffset? LastOutput { get; init; }

    /// <summary>When a system began to start.</summary>
    public DateTimeOffset? LastBoot { get; init; }

    /// <summary>The line that tells of a failure since; empty when none does.</summary>
    public string Failure { get; init; } = "";

    public DateTimeOffset FailureTime { get; init; }

    /// <summary>When the system said that it has shut down; null when it has not since it started.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The module that the text names; empty when none does.</summary>
    public string Module { get; init; } = "";

    /// <summary>Takes one more line. What stood there before anybody looked has no time of its own, so it begins nothing.</summary>
    public ConsoleSigns With(string line, DateTimeOffset time, bool isOld)
    {
        var signs = this;
        if (Contains(line, Boots))
        {
            signs = signs with { LastBoot = isOld ? null : time, Failure = "", End = null };
        }

        if (Contains(line, Failures))
        {
            signs = signs with { Failure = Quote(line), FailureTime = time };
        }

        if (Contains(line, Ends))
        {
            signs = signs with { End = time };
        }

        var module = Array.Find(Modules, module => line.Contains(module.Text, StringComparison.Ordinal)).Module;
        return module is null ? signs : signs with { Module = module };
    }

    private static bool Contains(string line, string[] texts) => Array.Exists(texts, text => line.Contains(text, StringComparison.Ordinal));

    private static string Quote(string line)
    {
        var text = string.Concat(line.Where(letter => !char.IsControl(letter))).Trim();
        return text.Length > LongestQuote ? text[..LongestQuote] : text;
    }
}
