namespace Appliance.Hosting.Errors;

/// <summary>The request can't be carried out as it stands, whatever the state of the system.</summary>
public sealed class InvalidInputException : ApplianceException
{
    public InvalidInputException(string field, string fault)
        : this([new FieldFault(field, fault)])
    {
    }

    public InvalidInputException(IEnumerable<FieldFault> faults)
        : this([.. faults])
    {
    }

    private InvalidInputException(FieldFault[] faults)
        : base("INVALID_INPUT", string.Join(" ", faults.Select(fault => $"{fault.Field}: {fault.Fault.TrimEnd('.')}.")), null) =>
        Faults = faults;

    public IReadOnlyList<FieldFault> Faults { get; }
}
