namespace Appliance.Router.Decoding.Streams;

/// <summary>What a reader says of the beginning of a stream.</summary>
internal enum StreamVerdict : byte
{
    /// <summary>Not what the reader reads, however it goes on.</summary>
    Foreign,

    /// <summary>More of it is needed.</summary>
    Incomplete,
    Complete,
}
