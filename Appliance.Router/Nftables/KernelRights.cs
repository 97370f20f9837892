using System.Globalization;

namespace Appliance.Router.Nftables;

/// <summary>What this process may do, read from /proc/self/status (proc(5), capabilities(7)).</summary>
internal static class KernelRights
{
    private const string StatusFile = "/proc/self/status";
    private const string EffectiveKey = "CapEff:";
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    /// <summary>Why the kernel's firewall is out of reach, as the end of a sentence; null when it is within.</summary>
    public static string? Missing(bool needsNamespace) => Missing(needsNamespace, ReadEffective(File.ReadAllText(StatusFile)), File.Exists);

    public static string? Missing(bool needsNamespace, ulong capabilities, Func<string, bool> exists)
    {
        if (!Has(capabilities, NetAdmin))
        {
            return "this process lacks CAP_NET_ADMIN; run as root or with that capability to enforce.";
        }

        if (needsNamespace && !Has(capabilities, SysAdmin))
        {
            return $"this process lacks CAP_SYS_ADMIN, which making a network namespace needs; run as root, or leave {FirewallOptions.Section}:Namespace empty.";
        }

        var tools = needsNamespace ? new[] { NftProgram.NftPath, NftProgram.NsenterPath } : [NftProgram.NftPath];
        var absent = Array.Find(tools, tool => !exists(tool));
        return absent is null ? null : $"{absent} is not installed; install nftables and util-linux to enforce.";
    }

    public static ulong ReadEffective(string status)
    {
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith(EffectiveKey, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line[EffectiveKey.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var set) ? set : 0;
    }

    private static bool Has(ulong set, int capability) => ((set >> capability) & 1) != 0;
}
