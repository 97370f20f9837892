namespace Appliance.Detector.Features;

/// <summary>A sum over about so many past windows, older ones counting less.</summary>
/// <remarks>Multiplied once a window and never raised to a power: only basic operations give the same bits everywhere.</remarks>
internal struct FadingSum
{
    private double _value;

    public readonly float Value => (float)_value;

    /// <param name="amount">What the window adds.</param>
    /// <param name="windows">Windows since the last call, this one included.</param>
    /// <param name="memory">Windows that count.</param>
    public void Add(double amount, long windows, int memory)
    {
        // After twenty memories 2e-9 of the sum is left.
        var isForgotten = windows > 20L * memory;
        var kept = 1 - (1.0 / memory);
        for (var i = 0L; i < windows && !isForgotten; i++)
        {
            _value *= kept;
        }

        _value = isForgotten ? amount : _value + amount;
    }
}
