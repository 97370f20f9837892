namespace Appliance.Router.Nftables;

/// <summary>A table's listing and the elements of those of its sets that only an apply changes, as of a generation.</summary>
internal sealed record TableShape(TableListing Listing, IReadOnlyList<SetFingerprint> Sets, uint Generation)
{
    /// <summary>Lines and elements.</summary>
    public int Size => Listing.Lines.Count + Sets.Sum(set => set.Count);
}
