using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Appliance.Bmc.Board;
using Appliance.Hosting;

namespace Appliance.Bmc.Slots;

/// <summary>What people say a slot is; where empty, the board's own note counts.</summary>
internal sealed class SlotLabel : IValidatableObject
{
    private const int MaxRoles = 4;

    [RegularExpression("^[a-z0-9-]{0,32}$", ErrorMessage = "must be at most 32 of a-z, 0-9 and '-'")]
    public string Name { get; set; } = "";

    /// <summary>The board cannot tell what is plugged in, so it is said here.</summary>
    [RegularExpression("^(cm4|cm4-lite|rk1|jetson)?$", ErrorMessage = "must be cm4, cm4-lite, rk1 or jetson")]
    public string Module { get; set; } = "";

    /// <summary>Host name or address of the node in the slot; empty leaves what the board says unconfirmed.</summary>
    [RegularExpression("^[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}$|^$", ErrorMessage = "must be a host name or an address, without a port")]
    public string Node { get; set; } = "";

    /// <summary>The roles that the node serves, for example "logger"; with a port where it is not the role's own, as in "logger:17444".</summary>
    [MaxLength(MaxRoles, ErrorMessage = "takes at most the 4 roles")]
    public IList<string> Roles { get; set; } = [];

    /// <summary>Orders that cut its power are refused unless they say that they may.</summary>
    public bool Critical { get; set; }

    /// <summary>Slots that must be ready before this one is brought up; where no slot names any, router, logger and detector come in that order.</summary>
    [MaxLength(MaxRoles - 1, ErrorMessage = "takes at most the 3 other slots")]
    public IList<int> After { get; set; } = [];

    /// <summary>Text that its console prints when it is ready, for a slot without a node of ours.</summary>
    [RegularExpression("^\\P{C}{0,64}$", ErrorMessage = "must be at most 64 characters, none of them a control character")]
    public string ReadyText { get; set; } = "";

    /// <summary>Time that it must have been on to be ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ReadyAfter { get; set; }

    /// <summary>How long its node may take from power-on to its first answer.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan BootLimit { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Name and address of each role of the node; empty without a node.</summary>
    public IReadOnlyList<NodeAddress> NodeAddresses() => Node.Length == 0 ? [] : [.. Roles.Select(Address)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Roles.FirstOrDefault(role => !TrySplit(role, out _, out _)) is { } wrong)
        {
            yield return new ValidationResult(
                $"'{wrong}' is none of {string.Join(", ", RoleNames.All)}, nor one of them with a port, such as logger:17444", [nameof(Roles)]);
        }

        if (After.Any(slot => slot is < SlotNumber.First or > SlotNumber.Last))
        {
            yield return new ValidationResult($"must name slots, from {SlotNumber.First} to {SlotNumber.Last}", [nameof(After)]);
        }

        if (Node.Length > 0 && Uri.CheckHostName(Node) == UriHostNameType.Unknown)
        {
            yield return new ValidationResult("must be a host name or an address, without a port", [nameof(Node)]);
        }

        if (Node.Length > 0 && Roles.Count == 0)
        {
            yield return new ValidationResult("stands without Roles; name the roles that the node serves", [nameof(Node)]);
        }
    }

    private static bool TrySplit(string text, out Role role, out int port)
    {
        var parts = text.Split(':');
        port = 0;
        if (!RoleNames.TryParse(parts[0], out role) || parts.Length > 2)
        {
            return false;
        }

        port = RolePorts.Grpc(role);
        return parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue);
    }

    private NodeAddress Address(string text)
    {
        _ = TrySplit(text, out var role, out var port);
        return new NodeAddress(role, new UriBuilder(Uri.UriSchemeHttps, Node, port).Uri);
    }
}
