namespace Appliance.Hosting.Errors;

/// <summary>What is wrong with one field of a request.</summary>
public sealed record FieldFault(string Field, string Fault);
