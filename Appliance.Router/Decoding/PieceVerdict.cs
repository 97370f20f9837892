namespace Appliance.Router.Decoding;

/// <summary>What became of a fragment.</summary>
internal enum PieceVerdict : byte
{
    /// <summary>Others are still to come.</summary>
    Taken,

    /// <summary>It was the last one missing.</summary>
    Completing,
    Overlapping,
    Malformed,
}
