namespace Appliance.Bmc.Board;

/// <summary>What the settings are called where they were made, for messages that name the way out.</summary>
internal sealed record BoardSettingNames(string Fingerprint, string AllowDefaultPassword, string PasswordFile)
{
    /// <summary>In the role's configuration.</summary>
    public static BoardSettingNames Configuration { get; } = new(
        $"{BoardOptions.Section}:{nameof(BoardOptions.Fingerprint)}",
        $"{BoardOptions.Section}:{nameof(BoardOptions.AllowDefaultPassword)}",
        $"{BoardOptions.Section}:{nameof(BoardOptions.PasswordFile)}");

    /// <summary>On the command line of a workstation.</summary>
    public static BoardSettingNames CommandLine { get; } = new("--fingerprint", "--allow-default-password", "--password-file");
}
