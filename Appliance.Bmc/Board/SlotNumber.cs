using System.Globalization;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>A slot as printed on the board, 1 to 4; the board's API counts the same slots from 0.</summary>
internal readonly record struct SlotNumber
{
    public const int First = 1;
    public const int Last = 4;

    private readonly byte _index;

    private SlotNumber(int number) => _index = (byte)(number - First);

    public static IReadOnlyList<SlotNumber> All { get; } = [new(1), new(2), new(3), new(4)];

    public int Number => _index + First;

    /// <summary>Place in a list of all slots, and the value of the API's `node` parameter.</summary>
    public int Index => _index;

    /// <summary>Name in the API's power calls, which alone count from 1.</summary>
    public string PowerKey => string.Create(CultureInfo.InvariantCulture, $"node{Number}");

    /// <summary>Takes a number that a caller gave in that field, or says what was wrong with it.</summary>
    public static SlotNumber From(uint number, string field) => number is >= First and <= Last
        ? new SlotNumber((int)number)
        : throw new InvalidInputException(field, $"slot {number} does not exist; the board has slots {First} to {Last}");

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
