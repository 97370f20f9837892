namespace Appliance.Router.Rules.Keeping;

/// <summary>What one look at the kernel found.</summary>
internal sealed record RulesetLook(int Wanted, int Present)
{
    /// <summary>Nothing was ever applied, so there is nothing to compare with.</summary>
    public static readonly RulesetLook Nothing = new(0, 0);

    public bool IsTableMissing { get; init; }

    /// <summary>Lines that are gone begin with "-", those too many with "+".</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>Sets, blocks not among them, whose elements are not those of the last apply.</summary>
    public IReadOnlyList<string> ChangedSets { get; init; } = [];

    public IReadOnlyList<Block> Missing { get; init; } = [];

    public IReadOnlyList<StrayElement> Strays { get; init; } = [];

    /// <summary>Only a whole apply puts it right.</summary>
    public bool IsTableWrong => IsTableMissing || Lines.Count > 0 || ChangedSets.Count > 0;

    public bool IsRight => !IsTableWrong && Missing.Count == 0 && Strays.Count == 0;

    /// <summary>Share of what should be there that is there.</summary>
    public double Ratio => IsTableMissing || Wanted == 0 ? 0 : (double)Present / Wanted;
}
