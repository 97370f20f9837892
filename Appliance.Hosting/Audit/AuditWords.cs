using Appliance.Hosting.Events;
using Google.Rpc;

namespace Appliance.Hosting.Audit;

/// <summary>How entries read, and what in them is for a person's eyes at once.</summary>
public static class AuditWords
{
    public const string Part = "audit";

    /// <summary>Beginnings of the reason of an entry that was refused for want of a right.</summary>
    private static readonly string[] WantOfRight = ["PERMISSION_DENIED", "UNAUTHENTICATED"];

    /// <summary>A change that somebody had no right to is a warning; one that failed for another reason is the caller's matter.</summary>
    public static EventSeverity SeverityOf(AuditEntry entry) =>
        !entry.Allowed && WantOfRight.Any(word => entry.Reason.StartsWith(word, StringComparison.Ordinal)) ? EventSeverity.Warning : EventSeverity.Info;

    /// <summary>For example "spiffe://home/operator/alice: CreateBlock address=192.0.2.7".</summary>
    public static string Sentence(AuditEntry entry) =>
        $"{entry.Actor}: {entry.Action}{Before(" ", entry.Subject)}{(entry.Allowed ? "" : " was refused")}{Before("; ", entry.Reason)}";

    /// <summary>The code's name as the published contract spells it, for example "PERMISSION_DENIED".</summary>
    internal static string CodeWord(Code code) => CodeReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)code).Name;

    private static string Before(string sign, string text) => text.Length == 0 ? "" : sign + text;
}
